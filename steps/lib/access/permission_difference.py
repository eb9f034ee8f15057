"""Who may do what with an object: what a request would change in the entries set directly on it."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from steps.lib.access.access_control import CLUSTER_LEVELS, PRINCIPAL_KINDS

MANAGE = "CAN_MANAGE"


@dataclass(frozen=True, order=True)
class Principal:
    """`kind` is the field of the Permissions API; `name` is in lower case: the workspace finds names in any case."""

    kind: str
    name: str
    written: str = field(default="", compare=False)

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Principal | None:
        """The principal of a request or response entry; None where the entry names none that we know."""
        kind = next((kind for kind in PRINCIPAL_KINDS if entry.get(kind)), None)
        return cls.named(kind, str(entry[kind])) if kind else None

    @classmethod
    def named(cls, kind: str, written: str) -> Principal:
        return cls(kind, written.lower(), written)

    def __str__(self) -> str:
        return f"{PRINCIPAL_KINDS[self.kind]} {self.written!r}"


@dataclass(frozen=True)
class GrantChange:
    """None is no direct entry."""

    principal: Principal
    before: str | None
    after: str | None

    def __str__(self) -> str:
        if self.before is None:
            return f"grant {self.principal} {self.after}"
        if self.after is None:
            return f"revoke {self.principal} {self.before}"
        return f"change {self.principal} {self.before} -> {self.after}"


def requested(entries: Iterable[Mapping[str, Any]]) -> dict[Principal, str]:
    """The level of each principal of a request. The service takes the last entry of a principal named twice."""
    named = ((Principal.of(entry), str(entry.get("permission_level"))) for entry in entries)
    return {principal: level for principal, level in named if principal}


def granted(answer: Mapping[str, Any], *, inherited: bool) -> dict[Principal, str]:
    """The highest level of each principal in an answer of the Permissions API, direct or inherited entries only."""
    levels: dict[Principal, str] = {}
    for entry in answer.get("access_control_list") or []:
        principal = Principal.of(entry)
        for permission in entry.get("all_permissions") or []:
            if principal and bool(permission.get("inherited")) == inherited:
                level = str(permission.get("permission_level"))
                levels[principal] = max(levels.get(principal, level), level, key=_rank)
    return levels


def differences(desired: Mapping[Principal, str], present: Mapping[Principal, str]) -> list[GrantChange]:
    return [GrantChange(principal, present.get(principal), desired.get(principal))
            for principal in sorted(desired.keys() | present.keys())
            if present.get(principal) != desired.get(principal)]


def keeps_control(me: Mapping[str, Any], grants: Mapping[Principal, str]) -> bool:
    """Whether the caller (an answer of SCIM Me) may still manage an object that has `grants`, by name or by group."""
    return any(grants.get(principal) == MANAGE for principal in _identities(me))


def _identities(me: Mapping[str, Any]) -> Iterable[Principal]:
    # A service principal's Me has its application id as userName.
    for name in {str(me[key]) for key in ("userName", "applicationId") if me.get(key)}:
        yield Principal.named("user_name", name)
        yield Principal.named("service_principal_name", name)
    for group in me.get("groups") or []:
        yield Principal.named("group_name", str(group.get("display", "")))


def _rank(level: str) -> int:
    return CLUSTER_LEVELS.index(level) if level in CLUSTER_LEVELS else -1
