"""What git does not know of a ref: who made it, and who has locked it."""
from __future__ import annotations

from dataclasses import dataclass, replace

from sandbox.storage import Storage


@dataclass(frozen=True)
class RefRecord:
    """Ids of members; empty where nobody is known."""

    creator: str = ""
    locked_by: str = ""


class RefRecords:
    def __init__(self, storage: Storage) -> None:
        self._records = storage.table("ref", RefRecord)

    def get(self, repository: str, ref: str) -> RefRecord:
        return self._records.get(_key(repository, ref), RefRecord())

    def created(self, repository: str, ref: str, creator: str) -> None:
        self._records[_key(repository, ref)] = RefRecord(creator)

    def deleted(self, repository: str, ref: str) -> None:
        self._records.pop(_key(repository, ref), None)

    def lock(self, repository: str, ref: str, member: str) -> None:
        """Let `member` alone move `ref`; an empty `member` unlocks it."""
        self._records[_key(repository, ref)] = replace(self.get(repository, ref), locked_by=member)

    def forget(self, repository: str) -> None:
        """A repository is gone."""
        for key in self._records:
            if key.startswith(f"{repository}/"):
                del self._records[key]


def _key(repository: str, ref: str) -> str:
    return f"{repository}/{ref}"
