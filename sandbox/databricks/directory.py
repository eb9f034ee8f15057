"""Who is known in a workspace: users, service principals and groups."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, TypeAlias

from sandbox.databricks.memory import Memory

ADMINS = "admins"
USERS = "users"
CLUSTER_CREATION = "allow-cluster-create"
WORKSPACE_ACCESS = "workspace-access"


class PrincipalKind(str, Enum):
    """The values are the keys an access control entry names a principal with."""

    USER = "user_name"
    SERVICE_PRINCIPAL = "service_principal_name"
    GROUP = "group_name"


PrincipalKey: TypeAlias = "tuple[PrincipalKind, str]"


@dataclass(frozen=True)
class Principal:
    """`name` is the e-mail of a user, the application id of a service principal, the display name of a group.

    `groups` are the ids of the groups it was put into; being one of the `users` is in nobody's.
    """

    id: str
    kind: PrincipalKind
    name: str
    display_name: str
    entitlements: frozenset[str] = field(default_factory=frozenset)
    groups: frozenset[str] = field(default_factory=frozenset)
    active: bool = True
    external_id: str = ""
    given_name: str = ""
    family_name: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)

    @property
    def key(self) -> PrincipalKey:
        return self.kind, self.name.lower()


class Directory:
    """Names are found in any case. Everyone is in the group `users`; groups may hold groups.

    A principal is a value: after a change there is another one of the same id.
    """

    def __init__(self, memory: Memory) -> None:
        self._principals = memory.collection("principal", Principal)
        self._by_name = self._principals.index(lambda who: [_name(who.kind, who.name)], kept_as="name")
        self._by_kind = self._principals.index(lambda who: [who.kind.value], kept_as="kind")
        self._by_group = self._principals.index(lambda who: who.groups, kept_as="groups")
        self._new_id = memory.counter("principal", 4_000_000_000_000_001, 7919)
        with memory.lock:
            self.add_group(ADMINS)
            self.add_group(USERS)

    def add(self, kind: PrincipalKind, name: str, display_name: str = "", *, may_create_clusters: bool = False,
            admin: bool = False) -> Principal:
        """Add a principal; one that is there already is returned as it is."""
        known = self.find(kind, name)
        if known is not None:
            return known
        is_custom_group = kind is PrincipalKind.GROUP and name not in {ADMINS, USERS}
        entitlements = frozenset([*([] if is_custom_group else [WORKSPACE_ACCESS]),
                                  *([CLUSTER_CREATION] if may_create_clusters else [])])
        principal = Principal(str(self._new_id()), kind, name, display_name or name, entitlements)
        self._principals[principal.id] = principal
        return self.join(principal, self._group(ADMINS)) if admin else principal

    def add_group(self, name: str, members: Iterable[Principal] = ()) -> Principal:
        group = self.add(PrincipalKind.GROUP, name)
        for member in members:
            self.join(member, group)
        return group

    def find(self, kind: PrincipalKind, name: str) -> Principal | None:
        return self._by_name.first(_name(kind, name))

    def someone(self, name: str) -> Principal | None:
        """The user of this e-mail, or the service principal of this application id."""
        return self.find(PrincipalKind.USER, name) or self.find(PrincipalKind.SERVICE_PRINCIPAL, name)

    def by_id(self, principal_id: str) -> Principal | None:
        return self._principals.get(principal_id)

    def all(self, kind: PrincipalKind) -> list[Principal]:
        return self._by_kind.of(kind.value)

    def change(self, principal_id: str, **fields: Any) -> Principal:  # noqa: ANN401 - those of a Principal
        """Give the principal other fields; KeyError if it is not there."""
        changed = replace(self._principals[principal_id], **fields)
        self._principals[principal_id] = changed
        return changed

    def join(self, member: Principal, group: Principal) -> Principal:
        """Put `member` into `group`. Nothing happens where it is in already."""
        known = self._principals[member.id]
        return known if group.id in known.groups else self.change(member.id, groups=known.groups | {group.id})

    def leave(self, member: Principal, group: Principal) -> Principal:
        known = self._principals[member.id]
        return self.change(member.id, groups=known.groups - {group.id}) if group.id in known.groups else known

    def remove(self, principal: Principal) -> None:
        """A group that goes leaves its members behind."""
        for member in self._by_group.of(principal.id):
            self.leave(member, principal)
        del self._principals[principal.id]

    def members(self, group: Principal) -> list[Principal]:
        """Those directly in it; of `users`, everyone."""
        everyone = group.name == USERS
        people = [*self.all(PrincipalKind.USER), *self.all(PrincipalKind.SERVICE_PRINCIPAL)] if everyone else []
        return [*people, *self._by_group.of(group.id)]

    def groups_of(self, principal: Principal) -> list[Principal]:
        """Every group the principal is in, directly or through another group."""
        found: dict[str, Principal] = {}
        wanted = [self._principals.get(principal.id, principal)]
        if principal.kind is not PrincipalKind.GROUP:
            everyone = self._group(USERS)
            found[everyone.id] = everyone
            wanted.append(everyone)
        while wanted:
            for group_id in sorted(wanted.pop().groups - found.keys()):
                found[group_id] = self._principals[group_id]
                wanted.append(found[group_id])
        return list(found.values())

    def identities_of(self, principal: Principal) -> list[Principal]:
        """The principal and every group it is in: whatever was granted to one of these it has."""
        return [principal, *self.groups_of(principal)]

    def is_admin(self, principal: Principal) -> bool:
        return any(group.name == ADMINS for group in self.groups_of(principal))

    def entitlements_of(self, principal: Principal) -> frozenset[str]:
        """Its own and those of every group it is in."""
        own = self._principals.get(principal.id, principal).entitlements
        return own.union(*(group.entitlements for group in self.groups_of(principal)))

    def _group(self, name: str) -> Principal:
        group = self.find(PrincipalKind.GROUP, name)
        assert group is not None  # noqa: S101 - there from the start, and never removed
        return group


def _name(kind: PrincipalKind, name: str) -> str:
    return f"{kind.value}/{name.lower()}"
