"""Where refs of a repository move: one push after the other, each recorded and told, whatever it came by."""
from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from sandbox.azure_devops.git.bare_repository import NO_COMMIT
from sandbox.azure_devops.git.default_branch import adopt_first
from sandbox.azure_devops.git.hosted import Hosted
from sandbox.azure_devops.git.push_log import PushLog, PushRecord
from sandbox.azure_devops.git.pushes import Push, pushes_between
from sandbox.azure_devops.git.ref_change import HEADS, RefChange
from sandbox.azure_devops.git.ref_records import RefRecords
from sandbox.azure_devops.identities.directory import Member
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.security.access_lists import AccessLists
from sandbox.azure_devops.security.namespaces import GIT
from sandbox.clock import Clock

# https://learn.microsoft.com/azure/devops/repos/git/branch-permissions: what the creator of a branch gets on it.
_CREATOR = ("GenericContribute", "ForcePush", "RemoveOthersLocks")
# What git itself or the organisation writes: no push of anybody.
_INTERNAL = ("refs/pull/", "refs/sandbox/")


@dataclass
class Turn:
    """`before` are the refs at its start; `push` is what became of it, None where nothing moved."""

    before: Mapping[str, str]
    push: PushRecord | None = None


@dataclass
class PushRoom:
    """`tell` hears of every branch or tag that was created or moved, before the next push gets its turn."""

    records: RefRecords
    log: PushLog
    access: AccessLists
    clock: Clock
    tell: Callable[[Project, Push], None]
    _locks: dict[str, threading.RLock] = field(default_factory=dict)

    @contextmanager
    def turn(self, hosted: Hosted, member: Member) -> Iterator[Turn]:
        """Nobody else moves refs of the repository inside the `with`; what has moved at its end is a push."""
        with self._lock(hosted):
            turn = Turn(_public(hosted))
            yield turn
            after = _public(hosted)
            changes = _changes(turn.before, after)
            if not changes:
                return
            adopt_first(hosted.git, turn.before, after)
            self._remember(hosted, member, changes)
            turn.push = self.log.add(hosted.id, member.id, self.clock.now(), changes)
            for push in pushes_between(hosted.git, turn.before, after, member.identity):
                self.tell(hosted.project, push)

    @contextmanager
    def quiet(self, hosted: Hosted) -> Iterator[None]:
        """Nobody else moves refs of the repository inside the `with`, either; nothing is recorded."""
        with self._lock(hosted):
            yield

    def _lock(self, hosted: Hosted) -> threading.RLock:
        return self._locks.setdefault(hosted.id, threading.RLock())

    def _remember(self, hosted: Hosted, member: Member, changes: list[RefChange]) -> None:
        for change in changes:
            if change.deletes:
                self.records.deleted(hosted.id, change.name)
            elif change.creates:
                self.records.created(hosted.id, change.name, member.id)
            if change.creates and change.name.startswith(HEADS):
                allow = sum(GIT.bits[permission] for permission in _CREATOR)
                self.access.grant(GIT, hosted.token(change.name), member, allow=allow)


def _public(hosted: Hosted) -> dict[str, str]:
    return {ref: commit for ref, commit in hosted.git.refs().items() if not ref.startswith(_INTERNAL)}


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[RefChange]:
    names = sorted({*before, *after})
    moves = (RefChange(name, before.get(name, NO_COMMIT), after.get(name, NO_COMMIT)) for name in names)
    return [one for one in moves if one.old != one.new]
