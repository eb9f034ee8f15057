"""Permissions of the objects of a workspace: what was granted directly, what is inherited, what it allows."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sandbox.databricks.directory import ADMINS, USERS, Directory, Principal, PrincipalKind
from sandbox.databricks.memory import Memory
from sandbox.databricks.permissions.entries import add_row, check_levels, read_entry
from sandbox.databricks.permissions.kinds import CLUSTERS, JOBS, KINDS, MANAGE, PASSWORDS, TOKENS, ObjectKind

__all__ = ["CLUSTERS", "JOBS", "KINDS", "Access", "Grants", "ObjectKey", "ObjectKind", "Parents"]

# An object by the segment of its kind and its id; `Parents` tells what an object inherits from, nearest first.
ObjectKey: TypeAlias = "tuple[str, str]"
Parents: TypeAlias = "Callable[[ObjectKey], list[ObjectKey]]"


@dataclass(frozen=True)
class Grants:
    """What was granted directly on one object, such as `jobs/17`: the level of each principal, by its id."""

    object_id: str
    levels: dict[str, str] = field(default_factory=dict)


class Access:
    """Direct grants by object; `admins` holds the strongest inherited level on everything."""

    def __init__(self, directory: Directory, memory: Memory) -> None:
        self._directory = directory
        self._granted = memory.collection("grants", Grants)
        self._by_principal = self._granted.index(lambda grants: grants.levels, kept_as="principals")
        self.parents: Parents = lambda key: []  # noqa: ARG005 - only workspace files lie in each other
        with memory.lock:
            self._found_authorization()

    def add_object(self, kind: ObjectKind, object_id: str, creator: Principal | None) -> None:
        """`creator` gets the strongest level; without one the object has only what it inherits."""
        self._set(kind, object_id, {creator.id: list(kind.levels)[-1]} if creator else {})

    def remove_object(self, kind: ObjectKind, object_id: str) -> None:
        self._granted.pop(_key(kind.segment, object_id), None)

    def knows(self, kind: ObjectKind, object_id: str) -> bool:
        return _key(kind.segment, object_id) in self._granted

    def change(self, kind: ObjectKind, object_id: str, entries: list[dict[str, Any]], *, replace: bool) -> None:
        """PUT replaces every direct grant, PATCH adds and changes; the last entry of a principal wins."""
        granted = {} if replace else dict(self._granted[_key(kind.segment, object_id)].levels)
        for entry in entries:
            principal, level = read_entry(self._directory, kind, entry)
            granted[principal.id] = level
        check_levels(self._directory, kind, granted)
        self._set(kind, object_id, granted)

    def owner(self, kind: ObjectKind, object_id: str) -> Principal | None:
        levels = self._levels(kind.segment, object_id)
        owners = (self._directory.by_id(who) for who, level in levels.items() if level == "IS_OWNER")
        return next(owners, None)

    def forget_principal(self, principal: Principal) -> None:
        """Nothing is granted any more to one who is no longer there."""
        for grants in self._by_principal.of(principal.id):
            levels = {who: level for who, level in grants.levels.items() if who != principal.id}
            self._granted[grants.object_id] = Grants(grants.object_id, levels)

    def level(self, kind: ObjectKind, object_id: str, principal: Principal) -> int:
        """Rank of the strongest level the principal has, -1 for none. Missing objects give none."""
        return self.level_through(kind, object_id, self._directory.identities_of(principal))

    def granted_to(self, kind: ObjectKind, identities: Iterable[Principal]) -> set[str]:
        """Ids of the objects of one kind on which something was granted to one of these directly."""
        prefix = _key(kind.segment, "")
        return {grants.object_id.removeprefix(prefix) for who in identities for grants in self._by_principal.of(who.id)
                if grants.object_id.startswith(prefix)}

    def names_one_of(self, kind: ObjectKind, object_id: str, principal_ids: frozenset[str]) -> bool:
        """Whether anything was granted to one of these: a quick look at many objects, which knows no admins."""
        return not principal_ids.isdisjoint(self._levels(kind.segment, object_id))

    def level_through(self, kind: ObjectKind, object_id: str, identities: list[Principal]) -> int:
        """As `level`, for one who goes over many objects and has looked up the groups once."""
        if any(who.kind is PrincipalKind.GROUP and who.name == ADMINS for who in identities):
            return len(kind.levels) - 1
        key = (kind.segment, object_id)
        grants = [self._levels(*place) for place in (key, *self.parents(key))]
        return max((kind.rank(levels[who.id]) for levels in grants for who in identities if who.id in levels),
                   default=-1)

    def as_json(self, kind: ObjectKind, object_id: str) -> dict[str, Any]:
        rows: list[dict[str, Any]] = []
        for principal, level in self._told(kind.segment, object_id):
            add_row(rows, principal, level)
        for segment, parent_id in self.parents((kind.segment, object_id)):
            for principal, level in self._told(segment, parent_id):
                add_row(rows, principal, level, f"/{segment}/{parent_id}")
        admins = self._directory.find(PrincipalKind.GROUP, ADMINS)
        if admins is not None and MANAGE in kind.levels and not kind.admins_named:
            add_row(rows, admins, MANAGE, f"/{kind.segment}/")
        return {"object_id": f"/{kind.segment}/{object_id}", "object_type": kind.object_type,
                "access_control_list": rows}

    def _found_authorization(self) -> None:
        """Everyone may use tokens from the start: https://learn.microsoft.com/azure/databricks/admin/access-control/tokens."""
        if not self.knows(TOKENS, TOKENS.object_type):
            self.add_object(TOKENS, TOKENS.object_type, self._directory.find(PrincipalKind.GROUP, ADMINS))
            self.change(TOKENS, TOKENS.object_type, replace=False,
                        entries=[{PrincipalKind.GROUP.value: USERS, "permission_level": "CAN_USE"}])
            self.add_object(PASSWORDS, PASSWORDS.object_type, None)

    def _set(self, kind: ObjectKind, object_id: str, levels: dict[str, str]) -> None:
        key = _key(kind.segment, object_id)
        self._granted[key] = Grants(key, levels)

    def _levels(self, segment: str, object_id: str) -> dict[str, str]:
        grants = self._granted.get(_key(segment, object_id))
        return grants.levels if grants is not None else {}

    def _told(self, segment: str, object_id: str) -> list[tuple[Principal, str]]:
        found = [(self._directory.by_id(who), level) for who, level in self._levels(segment, object_id).items()]
        return [(principal, level) for principal, level in found if principal is not None]


def _key(segment: str, object_id: str) -> str:
    return f"{segment}/{object_id}"
