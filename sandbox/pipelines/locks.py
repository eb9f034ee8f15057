"""Who gets an exclusive lock when it comes free, and in which order checks of a stage are made.

https://learn.microsoft.com/azure/devops/pipelines/process/approvals#exclusive-lock
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class LockBehavior(str, Enum):
    RUN_LATEST = "runLatest"
    SEQUENTIAL = "sequential"


CHECK_ORDER = (
    "static",  # branch control, required template, evaluate artifact
    "pre-check approval",
    "dynamic",  # approval, functions and REST calls, business hours
    "post-check approval",
    "exclusive lock",
)


@dataclass(frozen=True)
class Claim:
    """A stage of a run that waits for the lock; claims stand in the order in which they arrived."""

    run: int
    branch: str
    stage: str = ""


@dataclass(frozen=True)
class Grant:
    holder: Claim | None
    canceled: tuple[Claim, ...]
    waiting: tuple[Claim, ...]


def effective(behavior: str) -> LockBehavior:
    """What an absent `lockBehavior` means; ValueError for an unknown one."""
    return LockBehavior(behavior) if behavior else LockBehavior.RUN_LATEST


def grant(claims: Sequence[Claim], behavior: LockBehavior, *, stage_lock: bool = False) -> Grant:
    """Give a free lock to one of `claims`. The lock of a stage only lets runs of the same branch push others out."""
    if not claims:
        return Grant(None, (), ())
    if behavior is LockBehavior.SEQUENTIAL:
        return Grant(claims[0], (), tuple(claims[1:]))
    canceled = tuple(claim for place, claim in enumerate(claims) if any(
        later.run != claim.run and (not stage_lock or later.branch == claim.branch) for later in claims[place + 1 :]))
    left = [claim for claim in claims if claim not in canceled]
    return Grant(left[0], canceled, tuple(left[1:]))
