"""SCIM: who the caller is, and the users, groups and service principals of the workspace (read only)."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.databricks.call import Call, Handler, Routes
from sandbox.databricks.directory import Principal, PrincipalKind
from sandbox.databricks.errors import ScimError
from sandbox.databricks.scim.scim_filter import matches
from sandbox.http.message import Response, json_response

_BASE = "/api/2.0/preview/scim/v2"
_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:"
_LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
_DEFAULT_COUNT = 100
_COLLECTIONS = {
    "Users": (PrincipalKind.USER, "User"),
    "Groups": (PrincipalKind.GROUP, "Group"),
    "ServicePrincipals": (PrincipalKind.SERVICE_PRINCIPAL, "ServicePrincipal"),
}


def scim_routes() -> Routes:
    routes: Routes = [("GET", f"{_BASE}/Me", _me)]
    for collection, (kind, name) in _COLLECTIONS.items():
        routes.append(("GET", f"{_BASE}/{collection}", _listing(kind)))
        routes.append(("GET", f"{_BASE}/{collection}/{{id}}", _getting(kind, name)))
    return routes


def _me(call: Call) -> Response:
    """A service principal is shown as a user named by its application id; the header tells the workspace's id."""
    shown = {**_resource(call, call.caller), **_user_fields(call.caller)}
    shown.pop("applicationId", None)
    return json_response(shown, headers={"X-Databricks-Org-Id": call.state.org_id})


def _listing(kind: PrincipalKind) -> Handler:
    def show(call: Call) -> dict[str, Any]:
        fits = _filter(call)
        found = [resource for resource in (_resource(call, principal) for principal in call.state.directory.all(kind))
                 if fits(resource)]
        start = max(1, _number(call, "startIndex", 1))
        count = max(0, _number(call, "count", _DEFAULT_COUNT))
        page = found[start - 1:start - 1 + count]
        return {"schemas": [_LIST], "totalResults": len(found), "startIndex": start, "itemsPerPage": len(page),
                "Resources": page}

    return show


def _getting(kind: PrincipalKind, name: str) -> Handler:
    def show(call: Call) -> dict[str, Any]:
        principal = call.state.directory.by_id(call.request.arguments["id"])
        if principal is None or principal.kind is not kind:
            raise ScimError(404, f"{name} with id {call.request.arguments['id']} not found.")
        return _resource(call, principal)

    return show


def _filter(call: Call) -> Callable[[dict[str, Any]], bool]:
    text = call.request.parameter("filter")
    return matches(text) if text else lambda _: True


def _number(call: Call, name: str, default: int) -> int:
    text = call.request.parameter(name) or str(default)
    if not text.removeprefix("-").isdecimal():
        raise ScimError(400, f"{name} must be a number, got {text!r}", "invalidValue")
    return int(text)


def _resource(call: Call, principal: Principal) -> dict[str, Any]:
    groups = [{"display": group.name, "value": group.id, "$ref": f"Groups/{group.id}", "type": "direct"}
              for group in call.state.directory.groups_of(principal)]
    common = {"id": principal.id, "displayName": principal.display_name, "groups": groups,
              "entitlements": [{"value": value} for value in sorted(principal.entitlements)]}
    if principal.kind is PrincipalKind.GROUP:
        members = [{"display": member.display_name, "value": member.id} for member in
                   call.state.directory.members(principal)]
        return {"schemas": [f"{_SCHEMA}Group"], **common, "members": members}
    if principal.kind is PrincipalKind.SERVICE_PRINCIPAL:
        return {"schemas": [f"{_SCHEMA}ServicePrincipal"], **common, "applicationId": principal.name,
                "active": True}
    return {**common, **_user_fields(principal)}


def _user_fields(principal: Principal) -> dict[str, Any]:
    return {"schemas": [f"{_SCHEMA}User"], "userName": principal.name, "active": True,
            "emails": [{"type": "work", "value": principal.name, "primary": True}]}
