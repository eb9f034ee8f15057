"""Who is known in a workspace: users, service principals and groups."""
from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

ADMINS = "admins"
USERS = "users"
CLUSTER_CREATION = "allow-cluster-create"


class PrincipalKind(str, Enum):
    """The values are the keys an access control entry names a principal with."""

    USER = "user_name"
    SERVICE_PRINCIPAL = "service_principal_name"
    GROUP = "group_name"


PrincipalKey: TypeAlias = "tuple[PrincipalKind, str]"


@dataclass(frozen=True)
class Principal:
    """`name` is the e-mail of a user, the application id of a service principal, the display name of a group."""

    id: str
    kind: PrincipalKind
    name: str
    display_name: str
    entitlements: frozenset[str] = field(default_factory=frozenset)

    @property
    def key(self) -> PrincipalKey:
        return self.kind, self.name.lower()


class Directory:
    """Names are found in any case. Everyone is in the group `users`; groups may hold groups."""

    def __init__(self) -> None:
        self._principals: dict[tuple[PrincipalKind, str], Principal] = {}
        self._by_id: dict[str, Principal] = {}
        self._members: dict[str, list[Principal]] = {}
        self._ids = itertools.count(4_000_000_000_000_001, 7919)
        self.add_group(ADMINS)
        self.add_group(USERS)

    def add(self, kind: PrincipalKind, name: str, display_name: str = "", *, may_create_clusters: bool = False,
            admin: bool = False) -> Principal:
        """Add a principal; one that is there already is returned as it is."""
        known = self.find(kind, name)
        if known is not None:
            return known
        entitlements = frozenset({"workspace-access", *([CLUSTER_CREATION] if may_create_clusters else [])})
        principal = Principal(str(next(self._ids)), kind, name, display_name or name, entitlements)
        self._principals[principal.key] = self._by_id[principal.id] = principal
        if kind is not PrincipalKind.GROUP:
            self._members[USERS].append(principal)
        if admin:
            self._members[ADMINS].append(principal)
        return principal

    def add_group(self, name: str, members: tuple[Principal, ...] = ()) -> Principal:
        group = self.add(PrincipalKind.GROUP, name)
        self._members.setdefault(name.lower(), []).extend(members)
        return group

    def find(self, kind: PrincipalKind, name: str) -> Principal | None:
        return self._principals.get((kind, name.lower()))

    def by_id(self, principal_id: str) -> Principal | None:
        return self._by_id.get(principal_id)

    def all(self, kind: PrincipalKind) -> list[Principal]:
        return [principal for principal in self._by_id.values() if principal.kind is kind]

    def members(self, group: Principal) -> list[Principal]:
        return list(self._members[group.name.lower()])

    def groups_of(self, principal: Principal) -> list[Principal]:
        """Every group the principal is in, directly or through another group."""
        found: list[Principal] = []
        wanted = [principal]
        while wanted:
            member = wanted.pop()
            for group in self.all(PrincipalKind.GROUP):
                if group not in found and member in self._members[group.name.lower()]:
                    found.append(group)
                    wanted.append(group)
        return found

    def is_admin(self, principal: Principal) -> bool:
        return any(group.name == ADMINS for group in self.groups_of(principal))
