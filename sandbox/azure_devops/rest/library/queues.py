"""Agent queues: https://learn.microsoft.com/rest/api/azure/devops/distributedtask/queues."""
from __future__ import annotations

from typing import Any

from sandbox.azure_devops.projects.library import AgentQueue
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.rest.call import Call, Routes, collection
from sandbox.azure_devops.rest.errors import no_queue
from sandbox.azure_devops.security.namespaces import QUEUES, queue_token


def routes() -> Routes:
    area = "{project}/_apis/distributedtask/queues"
    return [("GET", area, _list), ("GET", f"{area}/{{id}}", _get)]


def _list(call: Call) -> dict[str, Any]:
    project = call.project()
    name = (call.query("queueName") or "").casefold()
    names = {one.casefold() for one in (call.query("queueNames") or "").split(",") if one}
    ids = {one.strip() for one in (call.query("queueIds") or "").split(",") if one.strip()}
    return collection(_view(project, one) for one in _visible(call, project)
                      if name in ("", one.name.casefold()) and (not names or one.name.casefold() in names)
                      and (not ids or str(one.id) in ids))


def _get(call: Call) -> dict[str, Any]:
    project, number = call.project(), call.argument("id")
    found = next((one for one in _visible(call, project) if str(one.id) == number), None)
    if found is None:
        raise no_queue(number)
    return _view(project, found)


def _visible(call: Call, project: Project) -> list[AgentQueue]:
    return [one for one in project.library.queues if call.allows(QUEUES, queue_token(project.id, one.id), "View")]


def _view(project: Project, queue: AgentQueue) -> dict[str, Any]:
    pool = {"id": queue.id, "name": queue.name, "isHosted": queue.hosted, "isLegacy": False, "poolType": "automation",
            "size": 1, "scope": "00000000-0000-0000-0000-000000000000"}
    return {"id": queue.id, "name": queue.name, "projectId": project.id, "pool": pool}
