"""What a SCIM resource makes of a principal: its fields and its memberships."""
from __future__ import annotations

import re
from typing import Any

from sandbox.databricks.directory import ADMINS, USERS, Directory, Principal, PrincipalKind
from sandbox.databricks.scim import errors
from sandbox.databricks.scim.resources import RESOURCE_TYPES
from sandbox.databricks.state import WorkspaceState

_LONGEST_NAME = 255
_NAMES = {PrincipalKind.USER: re.compile(r"[^\s/@\x00-\x1f]+@[^\s/@\x00-\x1f]+"),
          PrincipalKind.SERVICE_PRINCIPAL: re.compile(r"[\w-]+"), PrincipalKind.GROUP: re.compile(r"[^\x00-\x1f\x7f]+")}


def create(state: WorkspaceState, kind: PrincipalKind, name: str, wanted: dict[str, Any]) -> Principal:
    """A new principal called `name`, with exactly the entitlements that are wanted."""
    directory = state.directory
    _check_name(kind, name)
    if directory.find(kind, name) is not None:
        raise errors.taken(RESOURCE_TYPES[kind].name, name)
    _check_groups(directory, wanted)
    members = _members(directory, wanted)
    principal = directory.change(directory.add(kind, name).id, **_fields(kind, name, wanted))
    _set_memberships(directory, principal, wanted, members)
    return principal


def replace(state: WorkspaceState, principal: Principal, wanted: dict[str, Any]) -> Principal:
    """The principal becomes what is wanted. Names of users and service principals stay, whatever the request says.

    Memberships in groups stay where the request does not speak of them; members of a group do not.
    """
    directory, kind = state.directory, principal.kind
    _check_groups(directory, wanted)
    members = _members(directory, wanted)
    fields = _fields(kind, principal.name, wanted)
    if kind is PrincipalKind.GROUP:
        _check_members(directory, principal, members)
        fields["name"] = _new_group_name(directory, principal, wanted)
    changed = directory.change(principal.id, **fields)
    _set_memberships(directory, changed, wanted, members)
    return changed


def remove(state: WorkspaceState, principal: Principal) -> None:
    """Nobody is left behind: neither memberships and grants nor tokens and credentials."""
    _check_not_built_in(principal)
    state.access.forget_principal(principal)
    state.tokens.remove_all_of(principal.id)
    state.oauth.forget_principal(principal.id)
    for credential in state.git_credentials.of(principal):
        state.git_credentials.remove(principal, credential.id)
    state.directory.remove(principal)


def _check_name(kind: PrincipalKind, name: str) -> None:
    """Names become parts of paths such as `/Users/<name>`."""
    if len(name) > _LONGEST_NAME or not _NAMES[kind].fullmatch(name):
        problem = f"{name[:_LONGEST_NAME]!r} is no valid {RESOURCE_TYPES[kind].id_attribute}."
        raise errors.bad_value(problem)


def _fields(kind: PrincipalKind, name: str, wanted: dict[str, Any]) -> dict[str, Any]:
    """Who brings no display name is shown by the given and the family name.

    https://docs.databricks.com/api/scim/v1/workspace-user/object.md
    """
    own_name = wanted.get("name", {})
    full_name = " ".join(filter(None, (own_name.get("givenName"), own_name.get("familyName"))))
    fields = {"display_name": wanted.get("displayName") or full_name or name,
              "external_id": wanted.get("externalId", ""), "roles": _values(wanted, "roles"),
              "entitlements": _values(wanted, "entitlements")}
    if kind is PrincipalKind.GROUP:
        return fields
    return {**fields, "active": wanted.get("active", True), "given_name": own_name.get("givenName", ""),
            "family_name": own_name.get("familyName", "")}


def _values(wanted: dict[str, Any], attribute: str) -> frozenset[str]:
    return frozenset(item["value"] for item in wanted.get(attribute, []) if item.get("value"))


def _members(directory: Directory, wanted: dict[str, Any]) -> dict[str, Principal]:
    found = {member_id: directory.by_id(member_id) for member_id in _values(wanted, "members")}
    for member_id, member in found.items():
        if member is None:
            raise errors.no_member(member_id)
    return {member_id: member for member_id, member in found.items() if member is not None}


def _check_groups(directory: Directory, wanted: dict[str, Any]) -> None:
    for group_id in _values(wanted, "groups"):
        group = directory.by_id(group_id)
        if group is None or group.kind is not PrincipalKind.GROUP:
            raise errors.not_there(RESOURCE_TYPES[PrincipalKind.GROUP].name, group_id)


def _check_members(directory: Directory, group: Principal, members: dict[str, Principal]) -> None:
    """No group may be in itself, not even through others; who is one of the `users` cannot be chosen."""
    if group.name == USERS and set(members) != {member.id for member in directory.members(group)}:
        raise errors.built_in(group.name)
    above = {one.id for one in directory.identities_of(group)}
    if above & members.keys():
        problem = f"Group {group.name} can not be a member of itself."
        raise errors.bad_value(problem)


def _new_group_name(directory: Directory, group: Principal, wanted: dict[str, Any]) -> str:
    name: str = wanted.get("displayName") or group.name
    if name == group.name:
        return name
    _check_not_built_in(group)
    _check_name(group.kind, name)
    known = directory.find(PrincipalKind.GROUP, name)
    if known is not None and known.id != group.id:
        raise errors.taken(RESOURCE_TYPES[PrincipalKind.GROUP].name, name)
    return name


def _check_not_built_in(principal: Principal) -> None:
    if principal.kind is PrincipalKind.GROUP and principal.name in {ADMINS, USERS}:
        raise errors.built_in(principal.name)


def _set_memberships(directory: Directory, principal: Principal, wanted: dict[str, Any],
                     members: dict[str, Principal]) -> None:
    if "groups" in wanted:
        users = directory.find(PrincipalKind.GROUP, USERS)
        directory.change(principal.id, groups=_values(wanted, "groups") - ({users.id} if users else set()))
    if principal.kind is not PrincipalKind.GROUP or principal.name == USERS:
        return
    before = {member.id: member for member in directory.members(principal)}
    for member_id in before.keys() - members.keys():
        directory.leave(before[member_id], principal)
    for member_id in members.keys() - before.keys():
        directory.join(members[member_id], principal)
