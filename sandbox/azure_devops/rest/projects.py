"""Projects: https://learn.microsoft.com/rest/api/azure/devops/core/projects."""
from __future__ import annotations

from typing import Any

from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.rest.call import Call, Routes, collection
from sandbox.azure_devops.security.namespaces import PROJECT, project_token


def routes() -> Routes:
    return [
        ("GET", "_apis/projects", _list),
        ("GET", "_apis/projects/{project}", _get),
    ]


def _list(call: Call) -> dict[str, Any]:
    rows = [reference(call, one) for one in call.organisation.projects()
            if call.caller.scope.reaches(one.id) and call.allows(PROJECT, project_token(one.id), "GENERIC_READ")]
    skip, top = call.number("$skip", 0), call.number("$top", 100)
    return collection(rows[skip:skip + top])


def _get(call: Call) -> dict[str, Any]:
    return reference(call, call.project())


def reference(call: Call, project: Project) -> dict[str, Any]:
    """How other objects name their project."""
    return {"id": project.id, "name": project.name, "description": project.record.description,
            "url": f"{call.organisation.collection_uri}_apis/projects/{project.id}", "state": "wellFormed",
            "revision": 1, "visibility": "private"}
