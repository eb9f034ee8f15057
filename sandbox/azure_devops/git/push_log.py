"""Every push of the organisation, by git or over REST: who moved which refs, and when."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.azure_devops.git.ref_change import RefChange
from sandbox.storage import Storage


@dataclass(frozen=True)
class PushRecord:
    """`time` in seconds since 1970, `pusher` the id of a member."""

    id: int
    repository: str
    pusher: str
    time: float
    changes: tuple[RefChange, ...]


class PushLog:
    def __init__(self, storage: Storage) -> None:
        self._pushes = storage.table("push", PushRecord)
        self._by_repository = self._pushes.index(lambda one: [one.repository])

    def add(self, repository: str, pusher: str, time: float, changes: Sequence[RefChange]) -> PushRecord:
        return self._pushes.add(lambda number: PushRecord(number, repository, pusher, time, tuple(changes)))

    def of(self, repository: str) -> list[PushRecord]:
        """Newest first."""
        return self._by_repository.of(repository)[::-1]
