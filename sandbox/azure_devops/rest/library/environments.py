"""ADO environments: https://learn.microsoft.com/rest/api/azure/devops/environments/environments."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sandbox.azure_devops.projects.library import Environment, resource_of
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.rest.call import Call, Routes
from sandbox.azure_devops.rest.errors import denied, needed
from sandbox.azure_devops.rest.library.library_errors import environment_exists, no_environment
from sandbox.azure_devops.rest.pages import page
from sandbox.azure_devops.rest.protected_resources import forget
from sandbox.azure_devops.rest.signatures import sign, signed
from sandbox.azure_devops.security.namespaces import ENVIRONMENT, environment_token
from sandbox.azure_devops.security.roles import ADMINISTRATOR, give_role
from sandbox.http.message import Response

_PAGE = 1000
# Newer clients call them by another area.
_AREAS = ("{project}/_apis/distributedtask/environments", "{project}/_apis/pipelines/environments")


def routes() -> Routes:
    return [row for area in _AREAS for row in (
        ("GET", area, _list), ("POST", area, _add), ("GET", f"{area}/{{id}}", _get),
        ("PATCH", f"{area}/{{id}}", _update), ("DELETE", f"{area}/{{id}}", _delete))]


def _list(call: Call) -> Response:
    """`name` finds every environment whose name has it as a part."""
    project = call.project()
    wanted = (call.query("name") or "").casefold()
    rows = [_view(call, project, one) for one in project.library.environments
            if wanted in one.name.casefold()
            and call.allows(ENVIRONMENT, environment_token(project.id, one.id), "View")]
    return page(call, rows, default=_PAGE)


def _get(call: Call) -> dict[str, Any]:
    project = call.project()
    return {**_view(call, project, _environment(call, project, "View")), "resources": []}


def _add(call: Call) -> dict[str, Any]:
    project, fields = call.project(), call.fields()
    if not call.allows(ENVIRONMENT, environment_token(project.id), "Create"):
        raise denied(call.member, "Create", f"the environments of project {project.name}")
    with call.organisation.lock:
        name = _free_name(project, fields, 0)
        made = project.library.put_environment(Environment(name, description=str(fields.get("description") or "")))
        token = environment_token(project.id, made.id)
        give_role(call.organisation.access, ENVIRONMENT, token, call.member, ADMINISTRATOR)
        sign(call, resource_of(made).key)
        return {**_view(call, project, made), "resources": []}


def _update(call: Call) -> dict[str, Any]:
    project, fields = call.project(), call.fields()
    with call.organisation.lock:
        known = _environment(call, project, "Manage")
        name = _free_name(project, {"name": known.name, **fields}, known.id)
        description = fields.get("description", known.description)
        changed = project.library.put_environment(replace(known, name=name, description=str(description or "")))
        sign(call, resource_of(changed).key)
        return _view(call, project, changed)


def _delete(call: Call) -> Response:
    project = call.project()
    with call.organisation.lock:
        known = _environment(call, project, "Manage")
        project.library.remove_environment(known.id)
        forget(call.organisation, project, resource_of(known))
    return Response(204)


def _environment(call: Call, project: Project, permission: str) -> Environment:
    number = call.argument("id")
    found = project.library.numbered("environment", number)
    token = environment_token(project.id, found.id if found else 0)
    if not isinstance(found, Environment) or not call.allows(ENVIRONMENT, token, "View"):
        raise no_environment(number)
    if not call.allows(ENVIRONMENT, token, permission):
        raise denied(call.member, permission, f"environment {found.name}")
    return found


def _free_name(project: Project, fields: Mapping[str, Any], number: int) -> str:
    name = fields.get("name")
    if not isinstance(name, str) or not name.strip():
        raise needed(parameter="name")
    known = project.library.environment(name)
    if known and known.id != number:
        raise environment_exists(name)
    return name


def _view(call: Call, project: Project, environment: Environment) -> dict[str, Any]:
    return {"id": environment.id, "name": environment.name, "description": environment.description,
            **signed(call, resource_of(environment).key, changed="lastModified"),
            "project": {"id": project.id, "name": project.name}}
