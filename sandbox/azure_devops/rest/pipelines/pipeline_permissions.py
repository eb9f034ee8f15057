"""Which pipelines may use a resource.

https://learn.microsoft.com/rest/api/azure/devops/approvalsandchecks/pipeline-permissions
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.projects.resources import Resource
from sandbox.azure_devops.rest.call import Call, Routes, collection
from sandbox.azure_devops.rest.errors import needed, no_resource
from sandbox.azure_devops.rest.protected_resources import find, require_administrator
from sandbox.azure_devops.rest.shapes import mapping, number, rows
from sandbox.azure_devops.rest.signatures import changed, sign

_ALL = "allPipelines"


def routes() -> Routes:
    area = "{project}/_apis/pipelines/pipelinePermissions"
    return [("GET", f"{area}/{{kind}}/{{id}}", _get), ("PATCH", f"{area}/{{kind}}/{{id}}", _update),
            ("PATCH", area, _update_several)]


def _get(call: Call) -> dict[str, Any]:
    project = call.project()
    return _view(call, project, find(call, project, call.argument("kind"), call.argument("id")))


def _update(call: Call) -> dict[str, Any]:
    project = call.project()
    resource = find(call, project, call.argument("kind"), call.argument("id"))
    return _authorise(call, project, resource, call.fields())


def _update_several(call: Call) -> dict[str, Any]:
    """Everything is looked at before anything is changed."""
    project, given = call.project(), rows(call.body(), "resourceAuthorizations")
    if not given:
        raise needed(parameter="resourceAuthorizations")
    found = [(_named(call, project, row), row) for row in given]
    for resource, row in found:
        _check(call, project, resource, row)
    return collection(_authorise(call, project, resource, row) for resource, row in found)


def _named(call: Call, project: Project, row: object) -> Resource:
    resource = row.get("resource") if isinstance(row, Mapping) else None
    if not isinstance(resource, Mapping):
        raise needed(parameter="resource")
    return find(call, project, str(resource.get("type", "")), str(resource.get("id", "")))


def _check(call: Call, project: Project, resource: Resource, fields: Mapping[str, Any]) -> None:
    require_administrator(call, project, resource)
    for one in rows(fields.get("pipelines"), "pipelines"):
        pipeline = number(mapping(one, "pipelines").get("id"), "pipelines.id")
        if one.get("authorized") and project.library.pipeline(pipeline) is None:
            raise no_resource(kind="pipeline", identifier=str(pipeline))


def _authorise(call: Call, project: Project, resource: Resource, fields: Mapping[str, Any]) -> dict[str, Any]:
    _check(call, project, resource, fields)
    permissions = project.library.permissions
    with call.organisation.lock:
        for one in fields.get("pipelines") or ():
            permissions.authorise(project.id, resource, one["id"], authorised=bool(one.get("authorized")))
            sign(call, _key(project, resource, str(one["id"])))
        everyone = fields.get(_ALL)
        if isinstance(everyone, Mapping):
            permissions.open(project.id, resource, everyone=bool(everyone.get("authorized")))
            sign(call, _key(project, resource, _ALL))
    return _view(call, project, resource)


def _view(call: Call, project: Project, resource: Resource) -> dict[str, Any]:
    known = project.library.permissions.of(project.id, resource)
    pipelines = [{"id": one, **_authorised(call, project, resource, str(one))} for one in sorted(known.pipelines)]
    everyone = {_ALL: _authorised(call, project, resource, _ALL)} if known.everyone else {}
    return {"resource": {"type": resource.kind, "id": resource.id}, **everyone, "pipelines": pipelines}


def _authorised(call: Call, project: Project, resource: Resource, who: str) -> dict[str, Any]:
    return {"authorized": True, **changed(call, _key(project, resource, who), "authorized")}


def _key(project: Project, resource: Resource, who: str) -> str:
    return f"permission/{project.id}/{resource.key}/{who}"
