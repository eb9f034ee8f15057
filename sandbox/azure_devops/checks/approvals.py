"""Approvals that wait for people: who is asked, what each said, and what that comes to."""
from __future__ import annotations

import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from sandbox.azure_devops.checks.protection import Approval, Approver
from sandbox.azure_devops.projects.resources import Resource
from sandbox.clock import Clock
from sandbox.errors import SandboxError
from sandbox.pipelines.request import Identity

POLL_SECONDS = 0.05


class ApprovalError(SandboxError):
    """This person cannot decide this approval now."""


@dataclass(frozen=True)
class Decision:
    approver: Approver
    person: Identity
    approved: bool
    comment: str
    time: float


@dataclass
class PendingApproval:
    """One approval check of one stage. `status` is `pending`, `approved`, `rejected`, `timedOut` or `canceled`.

    The approvers are those of the check at its start: a later change of the check does not reach it.
    """

    run: int
    stage: str
    pipeline: int
    resource: Resource
    approval: Approval
    requester: Identity
    opened: float
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    status: str = "pending"
    decisions: list[Decision] = field(default_factory=list)

    @property
    def deadline(self) -> float:
        return self.opened + self.approval.timeout_minutes * 60

    @property
    def needed(self) -> int:
        """How many have to agree."""
        return self.approval.minimum or len(self.approval.approvers)

    @property
    def open(self) -> list[Approver]:
        """Who may decide next."""
        done = [decision.approver for decision in self.decisions]
        left = [approver for approver in self.approval.approvers if approver not in done]
        return left[:1] if self.approval.in_sequence else left

    def approver_for(self, person: Identity) -> Approver:
        """In which place `person` decides; ApprovalError where there is none."""
        if self.status != "pending":
            message = f"approval {self.id} is {self.status} already"
            raise ApprovalError(message)
        if not self.approval.requester_may_approve and same_person(person, self.requester):
            message = f"{person.email} asked for run {self.run} and may not approve it"
            raise ApprovalError(message)
        if self.approval.bars(person.email):
            message = f"{person.email} is barred from approval {self.id}"
            raise ApprovalError(message)
        if any(same_person(person, decision.person) for decision in self.decisions):
            message = f"{person.email} has decided approval {self.id} already"
            raise ApprovalError(message)
        found = sorted((one for one in self.open if one.has(person.email)), key=lambda one: len(one.members))
        if not found:
            asked = ", ".join(one.name for one in self.open)
            message = f"{person.email} is not asked to decide approval {self.id}; it waits for {asked}"
            raise ApprovalError(message)
        return found[0]

    def take(self, decision: Decision) -> None:
        self.decisions.append(decision)
        if not decision.approved:
            self.status = "rejected"
        elif len(self.decisions) >= self.needed:
            self.status = "approved"


class ApprovalDesk:
    """Everything that waits or waited for an approval. Safe to use from any thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._all: dict[str, PendingApproval] = {}
        self._changed = threading.Condition()

    def ask(self, stage: tuple[int, str, int], resource: Resource, approval: Approval,
            requester: Identity) -> PendingApproval:
        """Open the approval for a stage, given as run, name and pipeline."""
        made = PendingApproval(*stage, resource, approval, requester, self._clock.now())
        with self._changed:
            self._all[made.id] = made
            self._changed.notify_all()
        return made

    def decide(self, approval_id: str, person: Identity, *, approved: bool, comment: str = "") -> PendingApproval:
        """Take what `person` says; ApprovalError where that is not theirs to say."""
        with self._changed:
            found = self._all.get(approval_id.lower())
            if found is None:
                message = f"there is no approval {approval_id}"
                raise ApprovalError(message)
            found.take(Decision(found.approver_for(person), person, approved, comment, self._clock.now()))
            self._changed.notify_all()
            return found

    def get(self, approval_id: str) -> PendingApproval | None:
        with self._changed:
            return self._all.get(approval_id.lower())

    def approvals(self, *, status: str = "") -> list[PendingApproval]:
        """Those of this status, or all, oldest first."""
        with self._changed:
            return [one for one in self._all.values() if status in ("", one.status)]

    def await_pending(self, count: int, timeout: float) -> list[PendingApproval]:
        """The approvals that wait, as soon as there are `count`; fewer if `timeout` seconds pass first."""
        with self._changed:
            self._changed.wait_for(lambda: len(self.approvals(status="pending")) >= count, timeout)
            return self.approvals(status="pending")

    def wait(self, asked: Sequence[PendingApproval], canceled: threading.Event) -> str:
        """`approved` once all are, or the first status that is anything else; what is left open is canceled then."""
        with self._changed:
            while (status := self._status(asked, canceled)) == "pending":
                self._changed.wait(POLL_SECONDS)
            for one in asked:
                one.status = "canceled" if one.status == "pending" else one.status
            self._changed.notify_all()
            return status

    def _status(self, asked: Sequence[PendingApproval], canceled: threading.Event) -> str:
        for one in asked:
            if one.status == "pending" and self._clock.now() >= one.deadline:
                one.status = "timedOut"
        if canceled.is_set():
            return "canceled"
        ended = [one.status for one in asked if one.status not in ("pending", "approved")]
        return ended[0] if ended else "pending" if any(one.status == "pending" for one in asked) else "approved"


def same_person(one: Identity, other: Identity) -> bool:
    return one.email.casefold() == other.email.casefold()
