"""Service connections: https://learn.microsoft.com/rest/api/azure/devops/serviceendpoint/endpoints.

Written on the level of the organisation, read on that of a project.
"""
from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sandbox.azure_devops.endpoints.service_endpoints import ServiceEndpoint
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.rest.call import Call, Routes, collection
from sandbox.azure_devops.rest.errors import denied, needed
from sandbox.azure_devops.rest.library.endpoint_form import endpoint_view, read_endpoint
from sandbox.azure_devops.rest.library.library_errors import endpoint_exists, no_endpoint
from sandbox.azure_devops.rest.protected_resources import forget, project_named
from sandbox.azure_devops.rest.shapes import mapping, rows
from sandbox.azure_devops.rest.signatures import sign
from sandbox.azure_devops.security.namespaces import ENDPOINTS, endpoint_token
from sandbox.azure_devops.security.roles import ADMINISTRATOR, give_role
from sandbox.http.message import Response, json_response


def routes() -> Routes:
    area = "_apis/serviceendpoint/endpoints"
    return [("POST", area, _add), ("PUT", f"{area}/{{id}}", _update), ("DELETE", f"{area}/{{id}}", _delete),
            ("GET", f"{{project}}/{area}", _list), ("GET", f"{{project}}/{area}/{{id}}", _get)]


def _list(call: Call) -> dict[str, Any]:
    project = call.project()
    names, ids = _split(call, "endpointNames"), _split(call, "endpointIds")
    kind, schemes = (call.query("type") or "").casefold(), _split(call, "authSchemes")
    return collection(
        endpoint_view(call, project, one) for one in call.organisation.endpoints.of(project.id)
        if (not names or one.names[project.id].casefold() in names) and (not ids or one.id in ids)
        and kind in ("", one.type.casefold()) and (not schemes or one.scheme.casefold() in schemes)
        and _allows(call, project, one.id, "ViewEndpoint"))


def _get(call: Call) -> Response:
    """One that is not there is answered with null, not with an error."""
    project = call.project()
    found = call.organisation.endpoints.get(call.argument("id"))
    seen = found and project.id in found.names and _allows(call, project, found.id, "ViewEndpoint")
    return json_response(endpoint_view(call, project, found) if found and seen else None)


def _add(call: Call) -> dict[str, Any]:
    fields = call.fields()
    with call.organisation.lock:
        shared = _references(call, fields)
        for project, name in shared:
            if not _allows(call, project, "", "Create"):
                raise denied(call.member, "Create", f"the service connections of project {project.name}")
            _check_name(call, project, name, "")
        blank = ServiceEndpoint(str(uuid.uuid4()), "", "", "", {})
        made = read_endpoint(fields, blank, {project.id: name for project, name in shared})
        call.organisation.endpoints.put(made)
        for project, _ in shared:
            token = endpoint_token(project.id, made.id)
            give_role(call.organisation.access, ENDPOINTS, token, call.member, ADMINISTRATOR)
        home = shared[0][0]
        sign(call, made.resource(home.id).key)
        return endpoint_view(call, home, made)


def _update(call: Call) -> dict[str, Any]:
    fields = call.fields()
    with call.organisation.lock:
        known = _known(call)
        shared = _references(call, fields)
        for project, name in shared:
            _require_administrator(call, project, known)
            _check_name(call, project, name, known.id)
        changed = read_endpoint(fields, known, {**known.names, **{project.id: name for project, name in shared}})
        call.organisation.endpoints.put(changed)
        sign(call, changed.resource(shared[0][0].id).key)
        return endpoint_view(call, shared[0][0], changed)


def _delete(call: Call) -> Response:
    with call.organisation.lock:
        projects = [project_named(call, one) for one in (call.query("projectIds") or "").split(",")]
        for project in projects:
            known = _known(call)
            if project.id not in known.names:
                raise no_endpoint(known.id)
            _require_administrator(call, project, known)
            call.organisation.endpoints.remove(known, project.id)
            forget(call.organisation, project, known.resource(project.id))
    return Response(204)


def _known(call: Call) -> ServiceEndpoint:
    found = call.organisation.endpoints.get(call.argument("id"))
    if found is None:
        raise no_endpoint(call.argument("id"))
    return found


def _references(call: Call, fields: Mapping[str, Any]) -> list[tuple[Project, str]]:
    """In which projects the connection is to be, and under which name."""
    references = rows(fields.get("serviceEndpointProjectReferences"), "serviceEndpointProjectReferences")
    if not references:
        raise needed(parameter="endpoint.ServiceEndpointProjectReferences")
    found = []
    for one in references:
        row = mapping(one, "serviceEndpointProjectReferences")
        reference = mapping(row.get("projectReference"), "projectReference")
        name = row.get("name") or fields.get("name")
        if not isinstance(name, str) or not name.strip():
            raise needed(parameter="endpoint.Name")
        found.append((project_named(call, str(reference.get("id") or reference.get("name") or "")), name))
    return found


def _check_name(call: Call, project: Project, name: str, own: str) -> None:
    known = call.organisation.endpoints.named(project.id, name)
    if known and known.id != own:
        raise endpoint_exists(name)


def _require_administrator(call: Call, project: Project, endpoint: ServiceEndpoint) -> None:
    if not _allows(call, project, endpoint.id, "Administer"):
        raise denied(call.member, "Administer", f"service connection {endpoint.names.get(project.id, endpoint.id)}")


def _allows(call: Call, project: Project, endpoint: str, permission: str) -> bool:
    return call.allows(ENDPOINTS, endpoint_token(project.id, endpoint), permission)


def _split(call: Call, name: str) -> set[str]:
    return {one.strip().casefold() for one in (call.query(name) or "").split(",") if one.strip()}
