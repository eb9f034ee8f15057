"""The entries of an access control list: how a request writes them, which it may not, and how they are shown."""
from __future__ import annotations

from typing import Any

from sandbox.databricks import errors
from sandbox.databricks.directory import ADMINS, Directory, Principal, PrincipalKind
from sandbox.databricks.permissions.kinds import JOBS, MANAGE, TOKENS, ObjectKind


def read_entry(directory: Directory, kind: ObjectKind, entry: dict[str, Any]) -> tuple[Principal, str]:
    """Who is to have which level. Service principals go by their application id, never by their display name."""
    named = [key for key in PrincipalKind if entry.get(key.value)]
    level = entry.get("permission_level")
    if len(named) != 1:
        raise errors.entry_names_one_principal()
    if level not in kind.levels:
        raise errors.wrong_level(level, kind.object_type, kind.levels)
    principal = directory.find(named[0], entry[named[0].value])
    if principal is None:
        raise errors.unknown_principal(named[0].value, entry[named[0].value])
    if level == "IS_OWNER" and named[0] is PrincipalKind.GROUP:
        raise errors.group_as_owner()
    if kind is TOKENS and level == MANAGE and principal.name != ADMINS and not directory.is_admin(principal):
        raise errors.only_admins_manage_tokens()
    return principal, level


def check_levels(directory: Directory, kind: ObjectKind, levels: dict[str, str]) -> None:
    """What has to hold of all levels of an object together, which come by the id of who has them."""
    if kind is JOBS and list(levels.values()).count("IS_OWNER") != 1:
        raise errors.one_owner()
    admins = directory.find(PrincipalKind.GROUP, ADMINS)
    if kind.admins_named and admins is not None and levels.get(admins.id) != MANAGE:
        raise errors.admins_keep_their_level(levels.get(admins.id, "None"))


def add_row(rows: list[dict[str, Any]], principal: Principal, level: str, inherited_from: str = "") -> None:
    """Each principal has one row, with what is its own and what it inherits from the object at a path."""
    permission: dict[str, Any] = {"permission_level": level, "inherited": bool(inherited_from)}
    if inherited_from:
        permission["inherited_from_object"] = [inherited_from]
    for row in rows:
        if row.get(principal.kind.value) == principal.name:
            row["all_permissions"].append(permission)
            return
    named = {principal.kind.value: principal.name}
    if principal.kind is not PrincipalKind.GROUP:
        named["display_name"] = principal.display_name
    rows.append({**named, "all_permissions": [permission]})
