"""What Azure DevOps says when it refuses, as types: one class for each thing a step may want to do about it."""
# ruff: noqa: N818 - named as the errors of a workspace are, without a suffix
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from steps.lib.azure_devops.credentials import JOB_TOKEN_SWITCH
from steps.lib.errors import ServiceError
from steps.lib.wording import cut

# Whose token a job has, and what limits it: https://learn.microsoft.com/azure/devops/pipelines/process/access-tokens
_BUILD_SERVICE = "the build service of the pipeline's project or collection"
_JOB_SCOPE = ("'Limit job authorization scope to current project' and 'Protect access to repositories in YAML "
              "pipelines' in Project settings > Pipelines > Settings")


@dataclass(frozen=True)
class Refusal:
    """One refused call.

    `code` is the service's own (`TF401027`, or the short name of an exception) and may be empty; `status` is 0 where
    none says what is wrong. `organization` is its
    address, `credential` the variable that a person edits to call it as somebody else.
    """

    call: str
    organization: str
    credential: str
    status: int
    code: str
    message: str

    @property
    def is_of_job_token(self) -> bool:
        return self.credential == JOB_TOKEN_SWITCH

    def sentence(self, advice: str) -> str:
        what = f" {self.status} {self.code}".rstrip() if self.status else ""
        said = f": {cut(self.message)!r}" if self.message else ""
        todo = f"; {advice}" if advice else ""
        return f"{self.call}: {self.organization} answered{what}{said}{todo}"


class AzureDevOpsError(ServiceError):
    """The service refused a call, or could not be asked. `message` is its own."""

    advice: ClassVar[str] = ""
    # Instead of `advice` where it was called with the token of the job, which nobody can renew.
    job_advice: ClassVar[str] = ""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(self.sentence())

    def sentence(self) -> str:
        refusal = self.refusal
        advice = self.job_advice if refusal.is_of_job_token and self.job_advice else self.advice
        return refusal.sentence(advice.format(credential=refusal.credential))

    @property
    def message(self) -> str:
        return cut(self.refusal.message)


class NotAuthenticated(AzureDevOpsError):
    """401, a sign-in page with status 203, or a redirect to one: three ways to say the same."""

    exit_code = 2
    advice = ("this is how a credential is answered that has expired, was cut off or belongs to another organization, "
              "and an identity that is no member of this one; renew {credential}, or add its identity to the members")
    job_advice = ("the token of a job ends with the job, and is good for the organization of its pipeline alone; run "
                  f"the pipeline again, and if that does not help look at {_JOB_SCOPE}")


class PermissionDenied(AzureDevOpsError):
    """`permission`, `identity` and `scope` are read from the message; each is empty where it does not say."""

    def __init__(self, refusal: Refusal, permission: str = "", identity: str = "", scope: str = "") -> None:
        self.permission = permission
        self.identity = identity
        self.scope = scope
        super().__init__(refusal)

    def sentence(self) -> str:
        refusal = self.refusal
        unnamed = _BUILD_SERVICE if refusal.is_of_job_token else f"the identity of {refusal.credential}"
        who = repr(self.identity) if self.identity else unnamed
        what = f"the permission {self.permission!r}" if self.permission else "this permission"
        where = f" on {self.scope}" if self.scope else ""
        limits = f", and look at {_JOB_SCOPE}" if refusal.is_of_job_token else ""
        return refusal.sentence(f"let an administrator give {who} {what}{where}{limits}")


class NotFound(AzureDevOpsError):
    advice = "it does not exist, or the identity of {credential} may not see it"
    job_advice = (f"it does not exist, or {_BUILD_SERVICE}, whose token this is, may not see it; let an "
                  "administrator give it Read in Project settings > Repositories > the repository > Security, and look "
                  f"at {_JOB_SCOPE}")


class NotOffered(NotFound):
    """The organization has no such API at all."""

    exit_code = 2
    advice = "the address is not that of an Azure DevOps organization, or of one too old for this library"
    job_advice = ""


class Conflict(AzureDevOpsError):
    """Something of this name or at this path is there already."""


class StaleReference(AzureDevOpsError):
    """What was read, a branch or an object of some revision, has changed since. Nothing was written."""

    advice = "someone else changed it at the same time; run the pipeline again"


class RejectedByPolicy(AzureDevOpsError):
    """A branch policy forbids pushing: a pull request is the way."""

    advice = "the branch has a policy; use a pull request"


class BadRequest(AzureDevOpsError):
    """The request itself is wrong: sending it again gives the same answer."""

    exit_code = 2


class Throttled(AzureDevOpsError):
    advice = "the organization limits how much this identity may do; run the pipeline again later"


class Unavailable(AzureDevOpsError):
    advice = "the service is not available; run the pipeline again later"


class NotAzureDevOps(AzureDevOpsError):
    """The reply is not what the API gives: the page of a proxy, or JSON of another shape."""

    advice = "this is not the API of Azure DevOps; check the address of the organization and the proxy of the agent"


class Unreachable(AzureDevOpsError):
    """No reply at all. The sentence names the address, for a wrong one is the usual reason."""

    def sentence(self) -> str:
        refusal = self.refusal
        return (f"{refusal.call}: cannot reach {refusal.organization}: {refusal.message}; "
                "check the address of the organization and the network of the agent")
