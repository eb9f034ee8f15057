"""Access control lists: who may do what on which token. On one level a deny wins; a nearer level beats those above.

https://learn.microsoft.com/azure/devops/organizations/security/about-permissions#permission-inheritance
"""
from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from sandbox.azure_devops.identities.directory import Directory, Member
from sandbox.azure_devops.security.namespaces import NAMESPACES, Namespace
from sandbox.storage import Storage


@dataclass(frozen=True)
class Entry:
    """Bits of one descriptor."""

    allow: int = 0
    deny: int = 0


@dataclass(frozen=True)
class AccessList:
    """What is set directly on a token, by descriptor. Without `inherits`, the levels above do not count."""

    token: str
    entries: dict[str, Entry] = field(default_factory=dict)
    inherits: bool = True


class AccessLists:
    def __init__(self, storage: Storage, directory: Directory) -> None:
        self._directory = directory
        self._lock = storage.lock
        self._tables = {one.id: storage.table(f"acl {one.id}", AccessList) for one in NAMESPACES.values()}

    def get(self, namespace: Namespace, token: str) -> AccessList:
        return self._tables[namespace.id].get(token.casefold()) or AccessList(token)

    def lists(self, namespace: Namespace) -> list[AccessList]:
        return list(self._tables[namespace.id].values())

    def set_on(self, namespace: Namespace, token: str) -> list[AccessList]:
        """The list of exactly this token; none where nothing was ever set on it."""
        found = self._tables[namespace.id].get(token.casefold())
        return [found] if found else []

    def put(self, namespace: Namespace, changed: AccessList) -> None:
        self._tables[namespace.id][changed.token.casefold()] = changed

    def forget(self, namespace: Namespace, token: str) -> None:
        """Remove everything that is set directly on `token`."""
        self._tables[namespace.id].pop(token.casefold(), None)

    def assign(self, namespace: Namespace, token: str, member: Member, entry: Entry | None) -> None:
        """Let `member` have exactly `entry` directly on `token`, or nothing where that is None."""
        with self._lock:
            known = self.get(namespace, token)
            others = {who: one for who, one in known.entries.items() if who != member.descriptor}
            self.put(namespace, replace(known, entries={**others, member.descriptor: entry} if entry else others))

    def grant(self, namespace: Namespace, token: str, member: Member, *, allow: int = 0, deny: int = 0) -> Entry:
        """Merge bits into what `member` has directly on `token`; what is allowed now is denied no more, and reverse."""
        with self._lock:
            known = self.get(namespace, token)
            before = known.entries.get(member.descriptor, Entry())
            entry = Entry((before.allow | allow) & ~deny, (before.deny | deny) & ~allow)
            self.put(namespace, replace(known, entries={**known.entries, member.descriptor: entry}))
            return entry

    def take(self, namespace: Namespace, token: str, member: Member, bits: int) -> Entry:
        """Remove `bits`, allowed or denied, from what `member` has directly on `token`; what is left."""
        with self._lock:
            before = self.get(namespace, token).entries.get(member.descriptor, Entry())
            entry = Entry(before.allow & ~bits, before.deny & ~bits)
            self.assign(namespace, token, member, entry)
            return entry

    def remove(self, namespace: Namespace, token: str, descriptors: Collection[str]) -> bool:
        """Remove what `descriptors`, in any case, have directly on `token`; whether one of them had anything."""
        gone = {one.casefold() for one in descriptors}
        with self._lock:
            known = self.get(namespace, token)
            left = {who: entry for who, entry in known.entries.items() if who.casefold() not in gone}
            self.put(namespace, replace(known, entries=left))
        return len(left) < len(known.entries)

    def allows(self, namespace: Namespace, token: str, member: Member, permission: str) -> bool:
        """Whether `member`, itself or through its groups, has `permission` on `token`."""
        bit = namespace.bits[permission]
        mine = [member.descriptor, *(group.descriptor for group in self._directory.groups_of(member))]
        for level in namespace.levels(token):
            known = self.get(namespace, level)
            entries = [known.entries[one] for one in mine if one in known.entries]
            if any(entry.deny & bit for entry in entries):
                return False
            if any(entry.allow & bit for entry in entries):
                return True
            if not known.inherits:
                return False
        return False
