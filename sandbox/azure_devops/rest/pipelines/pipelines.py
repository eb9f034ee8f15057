"""Pipelines, the newer word for definitions: https://learn.microsoft.com/rest/api/azure/devops/pipelines."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.rest.call import Call, Routes
from sandbox.azure_devops.rest.errors import bad_request, needed
from sandbox.azure_devops.rest.pages import page
from sandbox.azure_devops.rest.pipelines.build_errors import require
from sandbox.azure_devops.rest.pipelines.definition_form import read_definition
from sandbox.azure_devops.rest.pipelines.definitions import add_pipeline, pipeline_of
from sandbox.azure_devops.rest.pipelines.pipeline_view import listed, whole
from sandbox.azure_devops.rest.shapes import mapping
from sandbox.azure_devops.security.namespaces import BUILD, build_token
from sandbox.http.message import Response

_KIND = "yaml"
_PAGE = 1000
_YAML_TRIGGERS = [{"settingsSourceType": 2, "triggerType": 2}]


def routes() -> Routes:
    return [
        ("POST", "{project}/_apis/pipelines", _create),
        ("GET", "{project}/_apis/pipelines", _list),
        ("GET", "{project}/_apis/pipelines/{definition}", _get),
    ]


def _create(call: Call) -> dict[str, Any]:
    """A definition whose default branch is the repository's and whose triggers are those of its YAML."""
    project, data = call.project(), call.fields()
    require(call, project, "CreateBuildDefinition")
    configuration = _configuration(data)
    repository = mapping(configuration["repository"], "configuration.repository")
    if str(repository.get("type", "")).casefold() != "azurereposgit":
        message = f"The repository type {repository.get('type')!r} is not modelled by this organisation."
        raise bad_request(message, "InvalidPipelineException")
    definition = {"name": data.get("name"), "path": data.get("folder"), "triggers": _YAML_TRIGGERS,
                  "process": {"type": 2, "yamlFilename": configuration["path"]},
                  "repository": {**repository, "type": "TfsGit", "defaultBranch": _head(project, repository)}}
    return whole(call, project, add_pipeline(call, project, read_definition(definition, project)))


def _configuration(data: Mapping[str, Any]) -> dict[str, Any]:
    found = data.get("configuration")
    if not isinstance(found, dict):
        raise needed(parameter="configuration")
    if str(found.get("type", "")).casefold() != _KIND:
        message = f"The configuration type {found.get('type')!r} is not modelled by this organisation, only yaml is."
        raise bad_request(message, "InvalidPipelineException")
    # Models of the azure-devops package lose both: https://github.com/MicrosoftDocs/vsts-rest-api-specs/issues/655
    for name in ("Path", "Repository"):
        if not found.get(name.lower()):
            raise needed(parameter=name)
    return found


def _head(project: Project, repository: Mapping[str, Any]) -> str:
    known = project.repositories.record(str(repository.get("id") or repository.get("name") or ""))
    head = project.repositories.at(known).path / "HEAD" if known else None
    return head.read_text(encoding="utf-8").strip().removeprefix("ref: ") if head else ""


def _list(call: Call) -> Response:
    project = call.project()
    found = [one for one in project.library.pipelines
             if call.allows(BUILD, build_token(project.id, one.id), "ViewBuildDefinition")]
    found.sort(key=lambda one: one.name.casefold(), reverse=(call.query("orderBy") or "").endswith("desc"))
    return page(call, [listed(call, project, one) for one in found], default=_PAGE)


def _get(call: Call) -> dict[str, Any]:
    project = call.project()
    return whole(call, project, pipeline_of(call, project, call.argument("definition")))
