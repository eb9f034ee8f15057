"""Variable groups: https://learn.microsoft.com/rest/api/azure/devops/distributedtask/variablegroups.

Written on the level of the organisation, read on that of a project; the older routes write on that of a project, too.
"""
from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping
from typing import Any

from sandbox.azure_devops.projects.library import VariableGroup, resource_of
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.rest.call import Call, Routes
from sandbox.azure_devops.rest.errors import denied, needed, not_modelled
from sandbox.azure_devops.rest.library.library_errors import group_exists, no_group
from sandbox.azure_devops.rest.library.variable_group_form import group_view, read_group
from sandbox.azure_devops.rest.pages import page
from sandbox.azure_devops.rest.protected_resources import forget, project_named
from sandbox.azure_devops.rest.shapes import mapping, rows
from sandbox.azure_devops.rest.signatures import sign
from sandbox.azure_devops.security.namespaces import LIBRARY, library_token
from sandbox.azure_devops.security.roles import ADMINISTRATOR, give_role
from sandbox.http.message import Response

_PAGE = 10_000
_ACTIONS = {"manage": "Administer", "2": "Administer", "use": "Use", "16": "Use"}


def routes() -> Routes:
    area = "_apis/distributedtask/variablegroups"
    return [
        ("POST", area, _add), ("PUT", f"{area}/{{id}}", _update), ("DELETE", f"{area}/{{id}}", _delete),
        ("GET", f"{{project}}/{area}", _list), ("GET", f"{{project}}/{area}/{{id}}", _get),
        ("POST", f"{{project}}/{area}", _add), ("PUT", f"{{project}}/{area}/{{id}}", _update),
        ("DELETE", f"{{project}}/{area}/{{id}}", _delete),
    ]


def _list(call: Call) -> Response:
    project = call.project()
    pattern = re.compile(fnmatch.translate((call.query("groupName") or "*").replace("[", "[[]").casefold()))
    ids = {one.strip() for one in (call.query("groupIds") or "").split(",") if one.strip()}
    permission = _ACTIONS.get((call.query("actionFilter") or "").casefold(), "View")
    found = [one for one in project.library.groups.values()
             if pattern.match(one.name.casefold()) and (not ids or str(one.id) in ids)
             and call.allows(LIBRARY, library_token(project.id, one.id), permission)]
    found.sort(key=lambda one: one.id, reverse=(call.query("queryOrder") or "").casefold() in ("iddescending", "1"))
    return page(call, [group_view(call, project, one) for one in found], default=_PAGE)


def _get(call: Call) -> dict[str, Any]:
    project = call.project()
    return group_view(call, project, _group(call, project, "View"))


def _add(call: Call) -> dict[str, Any]:
    fields = call.fields()
    with call.organisation.lock:
        project = _project(call, fields)
        if not call.allows(LIBRARY, library_token(project.id), "Create"):
            raise denied(call.member, "Create", f"the library of project {project.name}")
        made = read_group(fields, VariableGroup("", {}))
        _check_name(project, made)
        kept = project.library.put_group(made)
        give_role(call.organisation.access, LIBRARY, library_token(project.id, kept.id), call.member, ADMINISTRATOR)
        sign(call, resource_of(kept).key)
        return group_view(call, project, kept)


def _update(call: Call) -> dict[str, Any]:
    fields = call.fields()
    with call.organisation.lock:
        project = _project(call, fields)
        changed = read_group(fields, _group(call, project, "Administer"))
        _check_name(project, changed)
        kept = project.library.put_group(changed)
        sign(call, resource_of(kept).key)
        return group_view(call, project, kept)


def _delete(call: Call) -> Response:
    in_route = "project" in call.request.arguments
    named = [call.argument("project")] if in_route else (call.query("projectIds") or "").split(",")
    projects = [project_named(call, one) for one in named]
    with call.organisation.lock:
        for project in projects:
            group = _group(call, project, "Administer")
            project.library.remove_group(group.id)
            forget(call.organisation, project, resource_of(group))
    return Response(204)


def _group(call: Call, project: Project, permission: str) -> VariableGroup:
    """The group of the route; one that the caller may not even see is not there."""
    number = call.argument("id")
    found = project.library.group(number)
    if found is None or not call.allows(LIBRARY, library_token(project.id, found.id), "View"):
        raise no_group(number)
    if not call.allows(LIBRARY, library_token(project.id, found.id), permission):
        raise denied(call.member, permission, f"variable group {found.name}")
    return found


def _project(call: Call, fields: Mapping[str, Any]) -> Project:
    if "project" in call.request.arguments:
        return call.project()
    references = rows(fields.get("variableGroupProjectReferences"), "variableGroupProjectReferences")
    if not references:
        raise needed(parameter="variableGroupProjectReferences")
    if len(references) > 1:
        raise not_modelled(what="A variable group that several projects share", expected="one project")
    first = mapping(references[0], "variableGroupProjectReferences")
    reference = mapping(first.get("projectReference"), "projectReference")
    return project_named(call, str(reference.get("id") or reference.get("name") or ""))


def _check_name(project: Project, group: VariableGroup) -> None:
    known = project.library.named("variablegroup", group.name)
    if known and known.id != group.id:
        raise group_exists(group.name)
