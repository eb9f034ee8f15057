"""What a workspace says when it refuses, as types: one class for each thing a step may want to do about it."""
# ruff: noqa: N818 - the names are the field's own, as in databricks-sdk
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from steps.lib.errors import ServiceError
from steps.lib.wording import cut


@dataclass(frozen=True)
class Refusal:
    """One refused call. `file` is what a person edits to reach another workspace; `code` may be empty."""

    call: str
    host: str
    file: str
    status: int
    code: str
    message: str

    def sentence(self, advice: str) -> str:
        what = f"{self.status} {self.code}".strip()
        said = f": {cut(self.message)!r}" if self.message else ""
        todo = f"; {advice.format(host=self.host, file=self.file)}" if advice else ""
        return f"{self.call}: {self.host} answered {what}{said}{todo}"


class DatabricksError(ServiceError):
    """A workspace refused a call, or could not be asked. `message` is the workspace's own."""

    advice: ClassVar[str] = ""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence(self.advice))
        self.refusal = refusal

    @property
    def message(self) -> str:
        return cut(self.refusal.message)


class CredentialRefused(DatabricksError):
    """The token is not known here, or is meant for another resource or workspace."""

    exit_code = 2
    advice = ("check that the credential is the one of this environment, and that its principal is a member of the "
              "workspace that {file} names")


class PermissionDenied(DatabricksError):
    advice = "let a workspace admin give the pipeline's principal this right"


class ResourceDoesNotExist(DatabricksError):
    """Also for 400 INVALID_PARAMETER_VALUE `… does not exist`: the faithful reply for a missing cluster."""

    advice = "it was deleted meanwhile, or never was; run the pipeline again"


class ResourceConflict(DatabricksError):
    advice = "someone else changed it at the same time; run the pipeline again"


class InvalidState(DatabricksError):
    """The object is in a state that does not allow the call; it may allow it a moment later."""


class BadRequest(DatabricksError):
    """The request itself is wrong: sending it again gives the same answer."""

    exit_code = 2


class InvalidParameterValue(BadRequest):
    """A value the workspace does not take, such as an unknown node type."""


class EndpointNotFound(DatabricksError):
    exit_code = 2
    advice = "this host does not serve the Databricks API; correct the host in {file}"


class QuotaExceeded(DatabricksError):
    advice = "delete what is not needed any more, or let a workspace admin raise the quota"


class Throttled(DatabricksError):
    advice = "the workspace is busy; run the pipeline again later"


class Unavailable(DatabricksError):
    advice = "the workspace is not available; run the pipeline again later"


class NotDatabricks(DatabricksError):
    """The reply is not the JSON that the API gives: a login page, a proxy, a redirect."""

    advice = "this is not the API of a Databricks workspace; check the host in {file} and the proxy of the agent"


class Unreachable(DatabricksError):
    """No reply at all. The sentence names the host, for a wrong host name is the usual reason."""

    def __init__(self, refusal: Refusal) -> None:
        super(DatabricksError, self).__init__(
            f"{refusal.call}: cannot reach {refusal.host}: {refusal.message}; "
            f"check the host in {refusal.file} and the network of the agent")
        self.refusal = refusal
