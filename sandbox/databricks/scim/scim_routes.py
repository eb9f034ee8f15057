"""SCIM: who the caller is, and the users, groups and service principals of the workspace.

Facts: https://docs.databricks.com/dev-tools/api/latest/scim/scim-users.html and the pages beside it.
"""
from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from sandbox.databricks.call import Call, Routes
from sandbox.databricks.directory import Principal, PrincipalKind
from sandbox.databricks.fields import read_body
from sandbox.databricks.scim import changes, errors
from sandbox.databricks.scim.patch import patched
from sandbox.databricks.scim.resources import RESOURCE_TYPES, ResourceType, changeable, me, resource_of
from sandbox.databricks.scim.scim_list import listing, projected, view
from sandbox.http.message import Response, json_response

_BASE = "/api/2.0/preview/scim/v2"
_OPERATIONS = "operations"


def scim_routes() -> Routes:
    routes: Routes = [("GET", f"{_BASE}/Me", _me)]
    for kind in RESOURCE_TYPES.values():
        every, one = f"{_BASE}/{kind.collection}", f"{_BASE}/{kind.collection}/{{id}}"
        routes += [(method, path, _answering(handler, kind)) for method, path, handler in (
            ("GET", every, listing), ("POST", every, _create), ("GET", one, _get),
            ("PUT", one, _replace), ("PATCH", one, _patch), ("DELETE", one, _delete))]
    return routes


def _answering(handler: Callable[[Call, ResourceType], Any], kind: ResourceType) -> Callable[[Call], Any]:
    def answer(call: Call) -> Any:  # noqa: ANN401 - as the handler
        if call.request.method != "GET" and not call.is_admin:
            raise errors.only_for_admins(call.caller.name)
        return handler(call, kind)

    return answer


def _me(call: Call) -> dict[str, Any]:
    return projected(call, me(call.state.directory, call.caller))


def _get(call: Call, kind: ResourceType) -> dict[str, Any]:
    return view(call, kind, _principal(call, kind))


def _create(call: Call, kind: ResourceType) -> Response:
    """A service principal of Entra brings its application id; one without gets one from Databricks."""
    wanted = call.fields(f"scim/{kind.name}")
    name = wanted.get(kind.id_attribute)
    if not name and kind.kind is PrincipalKind.SERVICE_PRINCIPAL and wanted.get("displayName"):
        name = str(uuid.uuid4())
    if not name:
        raise errors.missing_attribute(kind.id_attribute)
    principal = changes.create(call.state, kind.kind, name, wanted)
    return json_response(resource_of(call.state.directory, _now(call, principal)), 201)


def _replace(call: Call, kind: ResourceType) -> dict[str, Any]:
    principal, wanted = _principal(call, kind), call.fields(f"scim/{kind.name}")
    if not wanted.get(kind.id_attribute):
        raise errors.missing_attribute(kind.id_attribute)
    changes.replace(call.state, principal, wanted)
    return resource_of(call.state.directory, _now(call, principal))


def _patch(call: Call, kind: ResourceType) -> dict[str, Any]:
    principal = _principal(call, kind)
    changed = patched(changeable(call.state.directory, principal), _operations(call))
    if isinstance(changed.get("active"), str):
        # Entra's provisioning writes booleans as texts: https://learn.microsoft.com/entra/identity/app-provisioning/application-provisioning-config-problem-scim-compatibility
        changed["active"] = changed["active"].lower() == "true"
    wanted = read_body(f"scim/{kind.name}", changed, strict=call.state.strict)
    changes.replace(call.state, principal, wanted)
    return resource_of(call.state.directory, _now(call, principal), {"members"})


def _delete(call: Call, kind: ResourceType) -> dict[str, Any]:
    changes.remove(call.state, _principal(call, kind))
    return {}


def _operations(call: Call) -> list[Any]:
    """The key comes as `Operations`, as RFC 7644 writes it, and from some clients in lower case."""
    body = call.raw_body()
    found = next((value for key, value in body.items() if key.lower() == _OPERATIONS), None)
    if not isinstance(found, list) or not found:
        problem = "Operations must be a list of at least one operation."
        raise errors.bad_patch(problem)
    return found


def _principal(call: Call, kind: ResourceType) -> Principal:
    principal = call.state.directory.by_id(call.request.arguments["id"])
    if principal is None or principal.kind is not kind.kind:
        raise errors.not_there(kind.name, call.request.arguments["id"])
    return principal


def _now(call: Call, principal: Principal) -> Principal:
    return call.state.directory.by_id(principal.id) or principal
