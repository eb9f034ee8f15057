"""Who made and who last changed what: the service shows it on every object, as `createdBy` and its like."""
from __future__ import annotations

from dataclasses import dataclass, replace

from sandbox.azure_devops.identities.directory import Member
from sandbox.storage import Storage


@dataclass(frozen=True)
class Signature:
    """Members by their ids, times in seconds since 1970."""

    created_by: str
    created_on: float
    modified_by: str
    modified_on: float


class Authorship:
    """Signatures by the key of a resource, or by any other name of something kept."""

    def __init__(self, storage: Storage) -> None:
        self._signatures = storage.table("signature", Signature)

    def of(self, key: str) -> Signature | None:
        """None where the sandbox itself made the thing."""
        return self._signatures.get(key)

    def sign(self, key: str, member: Member, now: float) -> None:
        known = self._signatures.get(key) or Signature(member.id, now, member.id, now)
        self._signatures[key] = replace(known, modified_by=member.id, modified_on=now)

    def forget(self, key: str) -> None:
        """Numbers come again: a later thing of this name must not inherit an author."""
        self._signatures.pop(key, None)
