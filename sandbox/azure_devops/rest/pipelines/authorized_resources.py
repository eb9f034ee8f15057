"""The older way to let pipelines use resources: all of a project at once, or one definition.

https://learn.microsoft.com/rest/api/azure/devops/build/authorizedresources
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.azure_devops.projects.library import Pipeline, resource_of
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.projects.resources import Resource
from sandbox.azure_devops.rest.call import Call, Routes, collection
from sandbox.azure_devops.rest.errors import needed
from sandbox.azure_devops.rest.pipelines.definitions import pipeline_of
from sandbox.azure_devops.rest.protected_resources import find, require_administrator


def routes() -> Routes:
    whole = "{project}/_apis/build/authorizedresources"
    single = "{project}/_apis/build/definitions/{definition}/resources"
    return [("GET", whole, _list), ("PATCH", whole, _open), ("GET", single, _list_one), ("PATCH", single, _authorise)]


def _open(call: Call) -> dict[str, Any]:
    """To every pipeline of the project, also those to come."""
    project = call.project()
    found = _sent(call, project)
    with call.organisation.lock:
        for resource, authorised in found:
            project.library.permissions.open(project.id, resource, everyone=authorised)
    return collection(_view(resource, authorised=authorised) for resource, authorised in found)


def _authorise(call: Call) -> dict[str, Any]:
    project = call.project()
    pipeline = pipeline_of(call, project, call.argument("definition"))
    found = _sent(call, project)
    with call.organisation.lock:
        for resource, authorised in found:
            project.library.authorise(pipeline, resource, authorised=authorised)
    return collection(_view(resource, authorised=authorised) for resource, authorised in found)


def _sent(call: Call, project: Project) -> list[tuple[Resource, bool]]:
    """Everything is looked at before anything is changed."""
    rows = call.body()
    if not isinstance(rows, list) or not all(isinstance(one, Mapping) for one in rows):
        raise needed(parameter="resources")
    found = [(find(call, project, str(one.get("type")), str(one.get("id"))), bool(one.get("authorized")))
             for one in rows]
    for resource, _ in found:
        require_administrator(call, project, resource)
    return found


def _list(call: Call) -> dict[str, Any]:
    project = call.project()
    permissions = project.library.permissions
    kind, wanted = call.query("type"), call.query("id")
    return collection(_view(one, authorised=True) for one in _resources(call, project)
                      if permissions.of(project.id, one).everyone
                      and kind in (None, one.kind) and wanted in (None, one.id))


def _list_one(call: Call) -> dict[str, Any]:
    project = call.project()
    pipeline: Pipeline = pipeline_of(call, project, call.argument("definition"))
    permissions = project.library.permissions
    return collection(_view(one, authorised=True) for one in _resources(call, project)
                      if pipeline.id in permissions.of(project.id, one).pipelines)


def _resources(call: Call, project: Project) -> Iterator[Resource]:
    library = project.library
    yield from map(resource_of, library.groups.values())
    yield from map(resource_of, library.environments)
    yield from map(resource_of, library.queues)
    for endpoint in call.organisation.endpoints.of(project.id):
        yield endpoint.resource(project.id)
    for record in project.repositories.records():
        yield project.repository_resource(record.name)


def _view(resource: Resource, *, authorised: bool) -> dict[str, Any]:
    return {"authorized": authorised, "id": resource.id, "name": resource.name, "type": resource.kind}
