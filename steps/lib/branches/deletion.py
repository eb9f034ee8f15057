"""Deletes branches by compare and swap: each goes only where it still is at the commit that was examined.

The reply is 200 whatever becomes of them: https://learn.microsoft.com/rest/api/azure/devops/git/refs/update-refs.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from steps.lib import agent
from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.pushes import NO_COMMIT
from steps.lib.azure_devops.repositories import REFS, Repository
from steps.lib.branches.branch import Branch

AT_ONCE = 100
_GONE = ("succeeded", "succeededNonExistentRef")
_KEPT = {"staleOldObjectId": "somebody pushed to it meanwhile", "locked": "somebody has locked it",
         "rejectedByPolicy": "a policy protects it", "rejectedByPlugin": "the service protects it"}
_MISSING_RIGHT = ("forcePushRequired", "writePermissionRequired")


@dataclass(frozen=True)
class Outcome:
    """`status` is the service's own; empty where its reply leaves the branch out."""

    branch: Branch
    status: str
    where: Repository

    @property
    def is_gone(self) -> bool:
        return self.status in _GONE

    @property
    def is_kept(self) -> bool:
        """Rightly so: what was examined is not what is there now."""
        return self.status in _KEPT

    @property
    def problem(self) -> str:
        """For people; empty where the branch is gone."""
        if self.is_gone:
            return ""
        place = f"branch {self.branch.name!r} of {self.where.project}/{self.where.name}"
        if self.is_kept:
            return f"{place} stays: {_KEPT[self.status]}"
        if self.status in _MISSING_RIGHT:
            folder = self.branch.name.rpartition("/")[0]
            right = f"on the branches below {folder!r}" if folder else "on it"
            return (f"{place}: the pipeline's identity may not delete it ({self.status}); let an administrator run "
                    "'python -m setup.bootstrap --apply' again, or give it 'Force push (rewrite history, delete "
                    f"branches and tags)' {right}, in Project settings > Repositories > the repository > Security, and "
                    "not on the whole repository")
        return f"{place}: the service answered {self.status or 'nothing'!r}, expected 'succeeded'; look at the branch"


def delete(devops: AzureDevOps, where: Repository, branches: Sequence[Branch]) -> list[Outcome]:
    """One outcome for each of `branches`.

    Sending it twice is safe: one that is gone stays gone, one that came again is not where it was.
    """
    return [outcome for first in range(0, len(branches), AT_ONCE)
            for outcome in _delete(devops, where, branches[first:first + AT_ONCE])]


def _delete(devops: AzureDevOps, where: Repository, branches: Sequence[Branch]) -> Iterator[Outcome]:
    for branch in branches:
        agent.info(f"delete branch {branch.name!r} at {branch.tip} of {where.project}/{where.name}")
    body = [{"name": one.ref, "oldObjectId": one.tip, "newObjectId": NO_COMMIT} for one in branches]
    reply = devops.send("POST", REFS, route=where.route, body=body, repeatable=True)
    rows: list[dict[str, Any]] = (reply or {}).get("value") or []
    found = {str(row.get("name")): str(row.get("updateStatus") or "") for row in rows}
    for branch in branches:
        yield Outcome(branch, found.get(branch.ref, ""), where)
