"""Exclusive locks: one stage at a time holds each, and the others wait for it or are pushed out."""
from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass, field

from sandbox.pipelines.locks import Claim, LockBehavior, grant

POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Lock:
    """`of_stage` marks the lock a stage makes for itself: there only runs of one branch push each other out."""

    name: tuple[str, ...]
    of_stage: bool = False
    shown: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.name[0]} {self.shown!r}" if self.shown else " ".join(self.name)


class LockRoom:
    """Who holds each lock and who waits for it, in the order of arrival."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._holders: dict[Lock, Claim] = {}
        self._waiting: defaultdict[Lock, list[tuple[Claim, LockBehavior]]] = defaultdict(list)

    def is_free(self, lock: Lock) -> bool:
        with self._changed:
            return lock not in self._holders

    def acquire(self, lock: Lock, claim: Claim, behavior: LockBehavior, canceled: threading.Event) -> bool:
        """Wait for the lock; False where a later run pushed this one out, or the run was canceled."""
        with self._changed:
            self._waiting[lock].append((claim, behavior))
            self._changed.notify_all()
            self._hand_out(lock)
            while self._holders.get(lock) != claim:
                if canceled.is_set() or not self._waits(lock, claim):
                    self._waiting[lock] = [one for one in self._waiting[lock] if one[0] != claim]
                    return False
                self._changed.wait(POLL_SECONDS)
            return True

    def release(self, lock: Lock, claim: Claim) -> None:
        with self._changed:
            if self._holders.get(lock) == claim:
                del self._holders[lock]
                self._hand_out(lock)

    def await_waiting(self, lock: Lock, count: int, timeout: float) -> bool:
        """Whether `count` stages wait for `lock` before `timeout` seconds have passed."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._waiting[lock]) >= count, timeout)

    def _waits(self, lock: Lock, claim: Claim) -> bool:
        return any(one == claim for one, _ in self._waiting[lock])

    def _hand_out(self, lock: Lock) -> None:
        if lock in self._holders:
            return
        waiting = dict(self._waiting[lock])
        # Runs of one pipeline may differ by branch: nobody is pushed out while a run asks for its turn.
        in_turn = LockBehavior.SEQUENTIAL in waiting.values()
        behavior = LockBehavior.SEQUENTIAL if in_turn else LockBehavior.RUN_LATEST
        given = grant(list(waiting), behavior, stage_lock=lock.of_stage)
        if given.holder:
            self._holders[lock] = given.holder
            self._waiting[lock] = [(one, waiting[one]) for one in given.waiting]
        self._changed.notify_all()
