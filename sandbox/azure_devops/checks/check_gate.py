"""The gate of one run: before a stage begins, the checks of everything it uses, in the order of the service."""
from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from sandbox.azure_devops.checks.approvals import ApprovalDesk, PendingApproval
from sandbox.azure_devops.checks.check_record import CheckRecords
from sandbox.azure_devops.checks.lock_room import Lock, LockRoom
from sandbox.azure_devops.checks.protection import Approval, ExclusiveLock
from sandbox.azure_devops.checks.read_checks import Protection
from sandbox.azure_devops.identities.directory import Directory
from sandbox.azure_devops.projects.resources import Resource
from sandbox.clock import Clock
from sandbox.pipelines.locks import CHECK_ORDER, Claim, effective
from sandbox.pipelines.request import Identity, StageEntry, Tell
from sandbox.pipelines.results import Result
from sandbox.storage import Storage

FindResource: TypeAlias = "Callable[[str, str], Resource | None]"
"""What a pipeline means by kind and name; None where its project has no such thing."""

_APPROVAL_PHASES = CHECK_ORDER[1:4]
_RESULT_OF_STATUS = {"approved": Result.SUCCEEDED, "rejected": Result.FAILED, "timedOut": Result.SKIPPED,
                     "canceled": Result.CANCELED}


@dataclass(frozen=True)
class RunFacts:
    """Of which run this is. `waiting` surrounds every wait for a person or a lock: no agent is needed meanwhile."""

    run: int
    pipeline: int
    branch: str
    requester: Identity
    waiting: Callable[[], AbstractContextManager[None]]
    resource: FindResource


@dataclass
class Checkpoint:
    """What the checks of all runs share."""

    protection: Protection
    approvals: ApprovalDesk
    locks: LockRoom = field(default_factory=LockRoom)

    @classmethod
    def of(cls, storage: Storage, directory: Directory, clock: Clock) -> Checkpoint:
        return cls(Protection(CheckRecords(storage), directory), ApprovalDesk(clock))

    def admits(self, resource: FindResource, group: str, entry: StageEntry) -> bool:
        """Whether no check of a variable group refuses a run by what it is built on and comes from."""
        found = resource("variablegroup", group)
        return found is None or not self.refusals(resource, found, entry)

    def refusals(self, resource: FindResource, of: Resource, entry: StageEntry) -> list[str]:
        """What the checks that need no waiting have against `entry`."""
        find = partial(resource, "repository")
        checks = (check for check in self.protection.of(of) if not isinstance(check, (Approval, ExclusiveLock)))
        return [reason for check in checks if (reason := check.refusal(entry, find)) is not None]


@dataclass
class CheckGate:
    """A StageGate."""

    facts: RunFacts
    shared: Checkpoint
    _held: dict[str, list[Lock]] = field(default_factory=dict)

    def enter(self, entry: StageEntry, canceled: threading.Event, tell: Tell) -> str:
        result = self._static(entry, tell)
        for phase in _APPROVAL_PHASES:
            if result is Result.SUCCEEDED:
                result = self._approved(entry, phase, canceled, tell)
        if result is Result.SUCCEEDED:
            result = self._locked(entry, canceled, tell)
        return result.value

    def leave(self, entry: StageEntry) -> None:
        for lock in self._held.pop(entry.stage, []):
            self.shared.locks.release(lock, self._claim(entry))

    def _static(self, entry: StageEntry, tell: Tell) -> Result:
        refused = False
        for resource in self._resources(entry):
            for reason in self.shared.refusals(self.facts.resource, resource, entry):
                tell(f"##[error]stage {entry.stage}: a check of {resource} failed: {reason}")
                refused = True
        return Result.FAILED if refused else Result.SUCCEEDED

    def _approved(self, entry: StageEntry, phase: str, canceled: threading.Event, tell: Tell) -> Result:
        asked = [self._ask(entry, resource, check, tell) for resource in self._resources(entry)
                 for check in self.shared.protection.of(resource)
                 if isinstance(check, Approval) and check.phase == phase]
        if not asked:
            return Result.SUCCEEDED
        with self.facts.waiting():
            status = self.shared.approvals.wait(asked, canceled)
        for one in asked:
            tell(_outcome(one))
        return _RESULT_OF_STATUS[status]

    def _ask(self, entry: StageEntry, resource: Resource, check: Approval, tell: Tell) -> PendingApproval:
        stage = (self.facts.run, entry.stage, self.facts.pipeline)
        asked = self.shared.approvals.ask(stage, resource, check, self.facts.requester)
        names = ", ".join(one.name for one in check.approvers)
        tell(f"stage {entry.stage} waits for the approval of {resource} by {names} ({asked.id})")
        return asked

    def _locked(self, entry: StageEntry, canceled: threading.Event, tell: Tell) -> Result:
        held = self._held.setdefault(entry.stage, [])
        claim, behavior = self._claim(entry), effective(entry.lock_behavior)
        # Always in the same order, so that two stages never wait for each other.
        for lock in sorted(self._locks_of(entry), key=lambda one: one.name):
            if not self.shared.locks.is_free(lock):
                tell(f"stage {entry.stage} waits for the exclusive lock of {lock}")
            with self.facts.waiting():
                mine = self.shared.locks.acquire(lock, claim, behavior, canceled)
            if not mine:
                tell(f"##[warning]stage {entry.stage} was canceled while it waited for an exclusive lock: "
                     f"{'its run was canceled' if canceled.is_set() else 'a later run took its place'}")
                self.leave(entry)
                return Result.CANCELED
            held.append(lock)
        return Result.SUCCEEDED

    def _locks_of(self, entry: StageEntry) -> Iterator[Lock]:
        if entry.has_lock:
            yield Lock(("stage", str(self.facts.pipeline), entry.stage.casefold()), of_stage=True)
        for resource in self._resources(entry):
            if any(isinstance(check, ExclusiveLock) for check in self.shared.protection.of(resource)):
                yield Lock((resource.kind, resource.id), shown=resource.name)

    def _resources(self, entry: StageEntry) -> list[Resource]:
        """Everything with checks that the stage uses, each once."""
        names = [*(("environment", name) for name in entry.environments),
                 *(("variablegroup", name) for name in entry.variable_groups),
                 *(("queue", name) for name in entry.queues),
                 *(("repository", commit.repository) for commit in entry.sources)]
        found = (self.facts.resource(*name) for name in names)
        return list({resource.key: resource for resource in found if resource}.values())

    def _claim(self, entry: StageEntry) -> Claim:
        return Claim(self.facts.run, self.facts.branch, entry.stage)


def _outcome(asked: PendingApproval) -> str:
    said = "; ".join(f"{'approved' if one.approved else 'rejected'} by {one.person.email}" for one in asked.decisions)
    mark = "" if asked.status == "approved" else "##[error]" if asked.status == "rejected" else "##[warning]"
    return f"{mark}approval of {asked.resource}: {asked.status}{f' ({said})' if said else ''}"
