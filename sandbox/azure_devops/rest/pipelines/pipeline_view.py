"""Pipelines and their runs as the newer API of the service shows the same definitions and builds."""
from __future__ import annotations

from typing import Any
from urllib.parse import quote

from sandbox.azure_devops.projects.library import Pipeline
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.rest.call import Call, timestamp
from sandbox.azure_devops.rest.pipelines import build_view
from sandbox.azure_devops.runs.run_history import RunRecord

_STATES = {"notStarted": "inProgress", "cancelling": "canceling"}
_RESULTS = {"succeeded": "succeeded", "partiallySucceeded": "succeeded", "canceled": "canceled"}


def reference(call: Call, project: Project, pipeline: Pipeline) -> dict[str, Any]:
    return {"url": _url(call, project, pipeline), "id": pipeline.id, "revision": pipeline.revision,
            "name": pipeline.name, "folder": pipeline.folder}


def listed(call: Call, project: Project, pipeline: Pipeline) -> dict[str, Any]:
    web = f"{call.organisation.collection_uri}{quote(project.name)}/_build/definition?definitionId={pipeline.id}"
    links = {"self": {"href": _url(call, project, pipeline)}, "web": {"href": web}}
    return {"_links": links, **reference(call, project, pipeline)}


def whole(call: Call, project: Project, pipeline: Pipeline) -> dict[str, Any]:
    repository = _repository(project, pipeline.repository)
    configuration = {"path": pipeline.yaml_path, "type": "yaml", "repository": repository}
    return {**listed(call, project, pipeline), "configuration": configuration}


def run(call: Call, project: Project, record: RunRecord) -> dict[str, Any]:
    pipeline = build_view.definition_of(project, record)
    own = f"{call.organisation.collection_uri}{project.id}/_apis/pipelines/{pipeline.id}/runs/{record.id}"
    links = {"self": {"href": own}, "web": {"href": build_view.web_url(call, project, record)},
             "pipeline": {"href": _url(call, project, pipeline)}}
    source = {"repository": _repository(project, record.repository), "refName": record.ref, "version": record.commit}
    ended = {"finishedDate": timestamp(record.finished)} if record.finished is not None else {}
    return {
        "_links": links, "templateParameters": build_view.shown_parameters(record),
        "variables": {name: {"value": value} for name, value in record.variables.items()},
        "pipeline": reference(call, project, pipeline), "state": _STATES.get(record.state, record.state),
        **({"result": _RESULTS.get(build_view.result_of(record), "failed")} if record.is_completed else {}),
        "createdDate": timestamp(record.queued), **ended, "url": own,
        "resources": {"repositories": {"self": source}}, "id": record.id, "name": record.number or str(record.id),
    }


def _repository(project: Project, name: str) -> dict[str, Any]:
    record = project.repositories.record(name)
    return {"id": record.id if record else name, "type": "azureReposGit"}


def _url(call: Call, project: Project, pipeline: Pipeline) -> str:
    base = f"{call.organisation.collection_uri}{project.id}/_apis/pipelines/{pipeline.id}"
    return f"{base}?revision={pipeline.revision}"
