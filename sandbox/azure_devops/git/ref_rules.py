"""Who may change which ref, in the order in which the service looks: permissions, the lock, then branch policies.

https://learn.microsoft.com/azure/devops/repos/git/set-git-repository-permissions#git-repository
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.azure_devops.git.default_branch import default_branch
from sandbox.azure_devops.git.hosted import Hosted
from sandbox.azure_devops.git.ref_change import NOTES, TAGS, RefChange, Refusal, branch_name
from sandbox.azure_devops.git.ref_names import is_text
from sandbox.azure_devops.git.ref_records import RefRecords
from sandbox.azure_devops.identities.directory import Member
from sandbox.azure_devops.security.access_lists import AccessLists
from sandbox.azure_devops.security.namespaces import GIT

POLICY_TEXT = ("TF402455: Pushes to this branch are not permitted; you must use a pull request to update this "
               "branch.")
FORCE = "ForcePush"
_STATUS = {"GenericContribute": "writePermissionRequired", FORCE: "forcePushRequired",
           "CreateBranch": "createBranchPermissionRequired", "CreateTag": "createTagPermissionRequired",
           "ManageNote": "manageNotePermissionRequired"}


@dataclass(frozen=True)
class RefRules:
    """The rules of one repository for one member; `protects` tells whether a branch takes pull requests only."""

    hosted: Hosted
    member: Member
    access: AccessLists
    records: RefRecords
    protects: Callable[[str], bool]

    def refusal(self, change: RefChange) -> Refusal | None:
        """None where the change is allowed as far as it can be judged without the new commits."""
        if not is_text(change.name):
            return Refusal("invalidRefName", "the name of the ref is no UTF-8")
        return self._missing(change) or self._locked(change.name) or self._policy(change)

    def rewrite_refusal(self, change: RefChange) -> Refusal | None:
        """Why the member may not let a ref leave its history behind; None where it may."""
        return None if self.allows(FORCE, change.name) else self._without(FORCE)

    def merge_refusal(self, ref: str) -> Refusal | None:
        """Why the member may not complete a pull request into a branch; its policies are no reason here."""
        missing = None if self.allows("GenericContribute", ref) else self._without("GenericContribute")
        return missing or self._locked(ref)

    def allows(self, permission: str, ref: str = "") -> bool:
        return self.access.allows(GIT, self.hosted.token(ref), self.member, permission)

    def may_push_somewhere(self) -> bool:
        """Whether the member may change anything at all; somebody else is not even told the refs."""
        if any(self.allows(permission) for permission in _STATUS):
            return True
        return any(self.allows(permission, ref) for ref in self.hosted.git.refs() for permission in _STATUS)

    def _missing(self, change: RefChange) -> Refusal | None:
        needed = _needed(change)
        return None if self.allows(needed, change.name) else self._without(needed)

    def _without(self, permission: str) -> Refusal:
        return Refusal(_STATUS[permission], permission_text(permission, self.member, "branch"))

    def _locked(self, ref: str) -> Refusal | None:
        locked_by = self.records.get(self.hosted.id, ref).locked_by
        if locked_by in {"", self.member.id}:
            return None
        return Refusal("locked", f"the branch {branch_name(ref)} is locked by another user")

    def _policy(self, change: RefChange) -> Refusal | None:
        if change.deletes and change.name == default_branch(self.hosted.git):
            return Refusal("rejectedByPlugin", "the default branch cannot be deleted")
        if change.creates or not self.protects(change.name) or self.allows("PolicyExempt", change.name):
            return None
        return Refusal("rejectedByPolicy", POLICY_TEXT)


def permission_text(permission: str, member: Member, scope: str) -> str:
    return (f"TF401027: You need the Git '{permission}' permission to perform this action. "
            f"Details: identity '{member.name}', scope '{scope}'.")


def _needed(change: RefChange) -> str:
    """Deleting, and any move of a tag, count as rewriting history."""
    if change.name.startswith(NOTES):
        return "ManageNote"
    if change.deletes or (change.name.startswith(TAGS) and not change.creates):
        return FORCE
    if change.creates:
        return "CreateTag" if change.name.startswith(TAGS) else "CreateBranch"
    return "GenericContribute"
