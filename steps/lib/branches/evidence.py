"""What proves that a branch was merged, and what only looks like it.

A tip that is in the default branch proves nothing: so is that of a branch made a moment ago. A squash leaves no trace
in the history at all; then only the pull request knows.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.pull_requests import PULL_REQUESTS
from steps.lib.azure_devops.pushes import NO_COMMIT, PUSHES
from steps.lib.azure_devops.repositories import BRANCHES, Repository
from steps.lib.branches.branch import Branch

BRANCH_STATS = "d5b216de-d8d5-4d32-ae76-51df755b16d3"


@dataclass(frozen=True)
class Update:
    """One move of a ref. `push` numbers grow with time."""

    push: int
    time: datetime
    old: str
    new: str


def merging_pull_request(devops: AzureDevOps, where: Repository, branch: Branch) -> int | None:
    """The completed pull request to the default branch whose last source commit is the tip; forks are other branches.

    The service compares names; what came back is compared again, and with it everything it was not asked for.
    """
    query = {"searchCriteria.status": "completed", "searchCriteria.sourceRefName": branch.ref,
             "searchCriteria.targetRefName": where.default_branch}
    rows = devops.windows(PULL_REQUESTS, route=where.route, query=query)
    return next((int(row["pullRequestId"]) for row in rows if merges(row, branch, where.default_branch)), None)


def merges(pull_request: Mapping[str, Any], branch: Branch, default: str) -> bool:
    source = pull_request.get("lastMergeSourceCommit") or {}
    return (pull_request.get("status") == "completed" and not pull_request.get("forkSource")
            and pull_request.get("sourceRefName") == branch.ref and pull_request.get("targetRefName") == default
            and source.get("commitId") == branch.tip)


def commits_ahead(devops: AzureDevOps, where: Repository) -> dict[tuple[str, str], int]:
    """How many commits each branch, by ref and tip, has that the default one has not: one request for all."""
    query = {"baseVersionDescriptor.versionType": "branch",
             "baseVersionDescriptor.version": where.default_branch.removeprefix(BRANCHES)}
    rows = devops.pages(BRANCH_STATS, route=where.route, query=query)
    return {(f"{BRANCHES}{row['name']}", str((row.get("commit") or {}).get("commitId"))): int(row["aheadCount"])
            for row in rows if row.get("aheadCount") is not None}


def updates_of(devops: AzureDevOps, where: Repository, ref: str) -> list[Update]:
    """Every move of `ref` by a push, the newest first."""
    query = {"searchCriteria.refName": ref, "searchCriteria.includeRefUpdates": True}
    rows = devops.windows(PUSHES, route=where.route, query=query)
    found = [Update(int(row["pushId"]), _moment(str(row["date"])), str(update.get("oldObjectId")),
                    str(update.get("newObjectId")))
             for row in rows for update in row.get("refUpdates") or [] if update.get("name") == ref]
    return sorted(found, key=lambda update: update.push, reverse=True)


def since_creation(updates: Iterable[Update]) -> list[Update]:
    """Those of the branch that is there now: one of the same name may have been there before."""
    found = []
    for update in updates:
        if update.new == NO_COMMIT:
            break
        found.append(update)
        if update.old == NO_COMMIT:
            break
    return found


def had_own_commits(updates: Iterable[Update], of_default: Iterable[Update]) -> bool:
    """Whether something was pushed to the branch after its creation that the default branch did not bring there.

    Whoever brings a fresh branch up to date pushes, too; that commit was the tip of the default branch before.
    """
    tips: dict[str, int] = {}
    for update in of_default:
        tips[update.new] = min(update.push, tips.get(update.new, update.push))
    return any(update.old != NO_COMMIT and tips.get(update.new, update.push + 1) > update.push for update in updates)


def _moment(text: str) -> datetime:
    """The service writes more digits of a second than Python 3.10 reads; whole seconds will do."""
    return datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
