"""Principals as SCIM resources."""
from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from sandbox.databricks.directory import USERS, Directory, Principal, PrincipalKind
from sandbox.databricks.replies import without_empty

_CORE = "urn:ietf:params:scim:schemas:core:2.0:"


@dataclass(frozen=True)
class ResourceType:
    """`id_attribute` is the name a resource is known by, besides its id; `public` is what everyone may read of it."""

    collection: str
    name: str
    kind: PrincipalKind
    id_attribute: str
    public: frozenset[str]


USER_TYPE = ResourceType("Users", "User", PrincipalKind.USER, "userName",
                         frozenset({"schemas", "id", "userName", "displayName"}))
GROUP_TYPE = ResourceType("Groups", "Group", PrincipalKind.GROUP, "displayName",
                          frozenset({"schemas", "id", "displayName"}))
SERVICE_PRINCIPAL_TYPE = ResourceType("ServicePrincipals", "ServicePrincipal", PrincipalKind.SERVICE_PRINCIPAL,
                                      "applicationId", frozenset({"schemas", "id", "applicationId", "displayName"}))
RESOURCE_TYPES = {one.kind: one for one in (USER_TYPE, GROUP_TYPE, SERVICE_PRINCIPAL_TYPE)}


def resource_of(directory: Directory, principal: Principal,
                without: AbstractSet[str] = frozenset()) -> dict[str, Any]:
    """`without` saves looking up memberships that nobody asked for: `groups`, `members`."""
    resource: dict[str, Any] = {**_own_fields(principal), "displayName": principal.display_name}
    if principal.external_id:
        resource["externalId"] = principal.external_id
    resource["entitlements"] = _values(principal.entitlements)
    resource["roles"] = _values(principal.roles)
    if "groups" not in without:
        resource["groups"] = _groups(directory, principal)
    if principal.kind is PrincipalKind.GROUP and "members" not in without:
        resource["members"] = [_reference(member) for member in directory.members(principal)]
    return resource


def changeable(directory: Directory, principal: Principal) -> dict[str, Any]:
    """What PATCH changes: as `resource_of`, but only with memberships that are the principal's own."""
    resource = resource_of(directory, principal, {"groups"})
    return {**resource, "groups": [{"value": group_id} for group_id in sorted(principal.groups)]}


def me(directory: Directory, principal: Principal) -> dict[str, Any]:
    """A service principal is shown as a user named by its application id."""
    shown = {**resource_of(directory, principal), **_user_fields(principal)}
    shown.pop("applicationId", None)
    return shown


def _own_fields(principal: Principal) -> dict[str, Any]:
    if principal.kind is PrincipalKind.USER:
        return _user_fields(principal)
    if principal.kind is PrincipalKind.GROUP:
        return {"schemas": [f"{_CORE}Group"], "id": principal.id, "meta": {"resourceType": "WorkspaceGroup"}}
    return {"schemas": [f"{_CORE}ServicePrincipal"], "id": principal.id, "applicationId": principal.name,
            "active": principal.active}


def _user_fields(principal: Principal) -> dict[str, Any]:
    return {"schemas": [f"{_CORE}User"], "id": principal.id, "userName": principal.name, "active": principal.active,
            "name": without_empty(givenName=principal.given_name, familyName=principal.family_name),
            "emails": [{"type": "work", "value": principal.name, "primary": True}]}


def _groups(directory: Directory, principal: Principal) -> list[dict[str, Any]]:
    return [{**_reference(group), "type": "direct" if _is_direct(principal, group) else "indirect"}
            for group in directory.groups_of(principal)]


def _is_direct(principal: Principal, group: Principal) -> bool:
    return group.id in principal.groups or group.name == USERS


def _reference(principal: Principal) -> dict[str, Any]:
    return {"display": principal.display_name, "value": principal.id,
            "$ref": f"{RESOURCE_TYPES[principal.kind].collection}/{principal.id}"}


def _values(names: frozenset[str]) -> list[dict[str, str]]:
    return [{"value": name} for name in sorted(names)]
