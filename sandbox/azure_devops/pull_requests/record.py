"""What is kept of a pull request."""
from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

ACTIVE, COMPLETED, ABANDONED = "active", "completed", "abandoned"
QUEUED, SUCCEEDED, CONFLICTS, FAILURE = "queued", "succeeded", "conflicts", "failure"
APPROVED, WAITING, REJECTED = 10, -5, -10


@dataclass(frozen=True)
class Reviewer:
    """`id` of a member; votes: 10 approved, 5 with suggestions, 0 none, -5 waiting for the author, -10 rejected."""

    id: str
    vote: int = 0
    required: bool = False


@dataclass(frozen=True)
class StatusPost:
    """What some tool says about a pull request; `time` in seconds since 1970."""

    id: int
    state: str
    name: str
    genre: str
    creator: str
    time: float
    description: str = ""
    url: str = ""


@dataclass(frozen=True)
class PullRequest:
    """Ids of members and commits, full names of refs, times in seconds since 1970; empty where there is none.

    `merge_commit` is the tried merge, after completion what the target got. `completion` are the options as posted.
    """

    id: int
    project: str
    repository: str
    title: str
    source: str
    target: str
    creator: str
    created: float
    description: str = ""
    status: str = ACTIVE
    merge_status: str = QUEUED
    draft: bool = False
    source_commit: str = ""
    target_commit: str = ""
    merge_commit: str = ""
    closed: float = 0.0
    closed_by: str = ""
    auto_complete_by: str = ""
    completion: dict[str, Any] = field(default_factory=dict)
    reviewers: tuple[Reviewer, ...] = ()
    statuses: tuple[StatusPost, ...] = ()

    @property
    def merge_ref(self) -> str:
        return f"refs/pull/{self.id}/merge"

    @property
    def strategy(self) -> str:
        """`noFastForward`, `squash`, `rebase` or `rebaseMerge`."""
        known = self.completion.get("mergeStrategy")
        return str(known or ("squash" if self.completion.get("squashMerge") else "noFastForward"))

    def reviewer(self, member: str) -> Reviewer | None:
        return next((one for one in self.reviewers if one.id == member), None)

    def with_reviewer(self, changed: Reviewer) -> PullRequest:
        rest = tuple(one for one in self.reviewers if one.id != changed.id)
        return replace(self, reviewers=(*rest, changed))
