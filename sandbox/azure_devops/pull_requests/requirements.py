"""What the branch policies of a target still ask of a pull request before it may be completed."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.azure_devops.git.ref_change import branch_name
from sandbox.azure_devops.policies.configuration import (
    BUILD,
    COMMENTS,
    MERGE_STRATEGY,
    MINIMUM_REVIEWERS,
    REQUIRED_REVIEWERS,
    STATUS,
    Configuration,
)
from sandbox.azure_devops.pull_requests.record import REJECTED, WAITING, PullRequest

_ALLOWED_BY = {"noFastForward": "allowNoFastForward", "squash": "allowSquash", "rebase": "allowRebase",
               "rebaseMerge": "allowRebaseMerge"}


@dataclass(frozen=True)
class Facts:
    """`build` gives the outcome of a build policy's newest run for what the pull request is now, None without one."""

    request: PullRequest
    build: Callable[[Configuration], str | None]
    open_threads: bool = False


def unmet(facts: Facts, configurations: list[Configuration]) -> list[str]:
    """A sentence for each blocking policy that is not satisfied."""
    checks: dict[str, Callable[[Facts, Configuration], str | None]] = {
        MINIMUM_REVIEWERS: _minimum, REQUIRED_REVIEWERS: _required, BUILD: _build, MERGE_STRATEGY: _strategy,
        STATUS: _status, COMMENTS: _comments}
    said = (checks[one.type](facts, one) for one in configurations if one.blocking and one.type in checks)
    return [one for one in said if one]


def _minimum(facts: Facts, policy: Configuration) -> str | None:
    request, settings = facts.request, policy.settings
    votes = [one.vote for one in request.reviewers if settings.get("creatorVoteCounts") or one.id != request.creator]
    needed = int(settings.get("minimumApproverCount") or 1)
    if any(vote in (REJECTED, WAITING) for vote in votes) and not settings.get("allowDownvotes"):
        return "a reviewer has rejected the changes or waits for the author"
    approvals = sum(vote > 0 for vote in votes)
    return None if approvals >= needed else f"{needed} reviewers must approve, {approvals} did"


def _required(facts: Facts, policy: Configuration) -> str | None:
    wanted = policy.settings.get("requiredReviewerIds") or ()
    approved = {one.id for one in facts.request.reviewers if one.vote > 0}
    missing = [one for one in wanted if one not in approved]
    return f"the required reviewers {', '.join(missing)} must approve" if missing else None


def _build(facts: Facts, policy: Configuration) -> str | None:
    if facts.build(policy) == "succeeded":
        return None
    name = policy.settings.get("displayName") or "The build"
    return f"{name} must succeed to update {branch_name(facts.request.target)}"


def _strategy(facts: Facts, policy: Configuration) -> str | None:
    """`useSquashMerge` is the older form of the settings: only squash counts."""
    strategy = facts.request.strategy
    allowed = policy.settings.get(_ALLOWED_BY.get(strategy, "")) or (
        strategy == "squash" and policy.settings.get("useSquashMerge"))
    return None if allowed else f"the merge strategy {strategy} is not allowed"


def _status(facts: Facts, policy: Configuration) -> str | None:
    name, genre = policy.settings.get("statusName"), policy.settings.get("statusGenre") or ""
    posted = [one.state for one in facts.request.statuses if (one.name, one.genre) == (name, genre)]
    good = bool(posted) and posted[-1] in {"succeeded", "notApplicable"}
    return None if good else f"the status {genre}/{name} must be succeeded"


def _comments(facts: Facts, _: Configuration) -> str | None:
    return "all comments must be resolved" if facts.open_threads else None
