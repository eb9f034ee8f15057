"""A pipeline as the build API shows it: as a reference, or whole.

Shape of the recorded answer of `az pipelines create`: https://github.com/Azure/azure-devops-cli-extension.
"""
from __future__ import annotations

from typing import Any
from urllib.parse import quote

from sandbox.azure_devops.projects.library import AgentQueue, Pipeline
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.rest import projects
from sandbox.azure_devops.rest.call import Call
from sandbox.azure_devops.rest.pipelines.definition_form import YAML_PROCESS

_OWN = ("queue", "createdDate", "authoredBy", "skipFirstRun")
_PROPERTIES = {"cleanOptions": "0", "labelSources": "0", "labelSourcesFormat": "$(build.buildNumber)",
               "reportBuildStatus": "true", "fetchDepth": "1", "gitLfsSupport": "false", "skipSyncSource": "false",
               "checkoutNestedSubmodules": "false"}


def reference(call: Call, project: Project, pipeline: Pipeline) -> dict[str, Any]:
    """How lists and builds name a definition."""
    return {
        "id": pipeline.id, "name": pipeline.name, "url": _url(call, project, pipeline),
        "uri": f"vstfs:///Build/Definition/{pipeline.id}", "path": pipeline.folder, "type": "build",
        "queueStatus": pipeline.document.get("queueStatus", "enabled"), "revision": pipeline.revision,
        "createdDate": pipeline.document.get("createdDate"), "project": projects.reference(call, project),
    }


def listed(call: Call, project: Project, pipeline: Pipeline) -> dict[str, Any]:
    author = pipeline.document.get("authoredBy")
    return {**reference(call, project, pipeline), "_links": _links(call, project, pipeline), "quality": "definition",
            "drafts": [], **({"authoredBy": author} if author else {}),
            "queue": queue_view(call, project, pipeline)}


def whole(call: Call, project: Project, pipeline: Pipeline) -> dict[str, Any]:
    set_by_client = {name: value for name, value in pipeline.document.items() if name not in _OWN}
    if "variables" in set_by_client:
        set_by_client["variables"] = {name: _without_secret(one) for name, one in set_by_client["variables"].items()}
    return {
        **listed(call, project, pipeline), "triggers": [], "tags": [], "properties": {}, "options": [],
        "jobAuthorizationScope": "projectCollection", "jobTimeoutInMinutes": 60, "jobCancelTimeoutInMinutes": 5,
        "badgeEnabled": False, **set_by_client,
        "process": {"yamlFilename": pipeline.yaml_path, "type": YAML_PROCESS},
        "repository": repository_view(call, project, pipeline),
    }


def _without_secret(variable: dict[str, Any]) -> dict[str, Any]:
    """Nobody reads a secret back."""
    return {**variable, "value": None} if variable.get("isSecret") else variable


def repository_view(call: Call, project: Project, pipeline: Pipeline) -> dict[str, Any]:
    record = project.repositories.record(pipeline.repository)
    return {"id": record.id if record else "", "name": pipeline.repository, "type": "TfsGit",
            "url": call.organisation.git_url(quote(pipeline.repository), project),
            "defaultBranch": pipeline.default_branch, "clean": None, "checkoutSubmodules": False,
            "properties": dict(_PROPERTIES)}


def queue_view(call: Call, project: Project, pipeline: Pipeline) -> dict[str, Any] | None:
    found = project.library.numbered("queue", pipeline.document.get("queue", 0))
    return _queue(call, project, found) if isinstance(found, AgentQueue) else None


def _queue(call: Call, project: Project, queue: AgentQueue) -> dict[str, Any]:
    url = f"{call.organisation.collection_uri}{project.id}/_apis/distributedtask/queues/{queue.id}"
    return {"id": queue.id, "name": queue.name, "url": url,
            "pool": {"id": queue.id, "name": queue.name, "isHosted": queue.hosted}}


def _url(call: Call, project: Project, pipeline: Pipeline) -> str:
    base = f"{call.organisation.collection_uri}{project.id}/_apis/build/Definitions/{pipeline.id}"
    return f"{base}?revision={pipeline.revision}"


def _links(call: Call, project: Project, pipeline: Pipeline) -> dict[str, Any]:
    base = f"{call.organisation.collection_uri}{quote(project.name)}"
    web = f"{base}/_build/definition?definitionId={pipeline.id}"
    return {"self": {"href": _url(call, project, pipeline)}, "web": {"href": web},
            "badge": {"href": f"{base}/_apis/build/status/{pipeline.id}"}}
