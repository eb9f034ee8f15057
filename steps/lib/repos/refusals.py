"""What a workspace refuses when it works with git, in words that say who has to do what."""
from __future__ import annotations

from dataclasses import dataclass

from steps.lib.databricks.errors import DatabricksError, PermissionDenied
from steps.lib.errors import InputError, ServiceError, StepError
from steps.lib.repos.remote import Ref


class LocalEdits(InputError):  # noqa: N818 - named as the errors of a workspace are
    """Somebody's uncommitted work lies where other files are to be checked out. Nothing of it was touched."""


class Overtaken(ServiceError):  # noqa: N818 - named as the errors of a workspace are
    """The branch has moved on since the run began; a Git folder can only show the tip of a branch."""


@dataclass(frozen=True)
class Wanted:
    """Which repository at which commit has to be where. `principal` is who the pipeline is in the workspace."""

    path: str
    url: str
    ref: Ref
    commit: str
    principal: str = ""

    @property
    def parent(self) -> str:
        return self.path.rpartition("/")[0]


def explained(error: DatabricksError, wanted: Wanted) -> StepError:
    """`error` itself where there is nothing to add."""
    place, said = f"Git folder {wanted.path!r}", repr(error.message)
    code = error.refusal.code
    if code == "GIT_CONFLICT":
        message = (f"{place}: local edits are in the way of {wanted.ref}: {said}; nothing was discarded: open the "
                   "folder in the workspace, commit and push the edits to a branch or discard them, then run the "
                   "pipeline again")
        return LocalEdits([message])
    if code == "GIT_UNKNOWN_REF":
        message = (f"{place}: {wanted.url} has no {wanted.ref}, expected the one of this run: {said}; push it again, "
                   "or run the pipeline on another")
        return InputError([message])
    if code == "GIT_REMOTE_ERROR":
        message = (f"{place}: the workspace cannot read {wanted.url}: {said}; {_access(wanted)}; look also whether "
                   "the network of the workspace reaches it")
        return ServiceError(message)
    if isinstance(error, PermissionDenied):
        message = (f"{place}: the workspace refused to work on it: {said}; let a workspace admin give "
                   f"{wanted.principal!r} CAN_MANAGE on {wanted.parent!r} and what is in it, and {_access(wanted)}")
        return ServiceError(message)
    return error


def no_folder(error: DatabricksError, wanted: Wanted) -> ServiceError:
    """For a parent that is not there, or hidden, and that the principal may not make."""
    return ServiceError(
        f"Git folder {wanted.path!r}: the folder {wanted.parent!r} is missing, or {wanted.principal!r} may not see it: "
        f"{error.message!r}; let a workspace admin create {wanted.parent!r}, for only admins make folders directly in "
        f"/Repos, and give {wanted.principal!r} CAN_MANAGE on it")


def hidden(error: DatabricksError, wanted: Wanted) -> ServiceError:
    return ServiceError(
        f"Git folder {wanted.path!r}: it is there and {wanted.principal!r} may not see it: {error.message!r}; let a "
        f"workspace admin give {wanted.principal!r} CAN_MANAGE on it, or rename it")


def overtaken(wanted: Wanted, head: str) -> Overtaken:
    what = ("the tag was moved" if wanted.ref.kind == "tag" else "the branch has moved on")
    return Overtaken(
        f"Git folder {wanted.path!r}: {wanted.ref} is at {head[:12]}, expected {wanted.commit[:12]}, the commit of "
        f"this run: {what} since the run began, and a Git folder shows only the newest commit; start a new run, or run "
        "the pipeline on a release tag, which stays where it is")


def not_shown(wanted: Wanted, shown: str, seconds: float) -> ServiceError:
    return ServiceError(
        f"Git folder {wanted.path!r}: after {seconds:.0f} s the workspace shows {shown}, expected {wanted.ref} at "
        f"{wanted.commit[:12]}; run the pipeline again")


def _access(wanted: Wanted) -> str:
    return (f"let an administrator of Azure DevOps make {wanted.principal!r} a member of the organization with Read on "
            "the repository, or set gitCredentialToken, a personal access token that may read code, in the variable "
            "group of this environment")
