"""Build definitions: https://learn.microsoft.com/rest/api/azure/devops/build/definitions.

Creating one queues no run: whoever wants a first run asks for it.
"""
from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from sandbox.azure_devops.projects.library import Pipeline
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.rest.call import Call, Routes
from sandbox.azure_devops.rest.errors import bad_request
from sandbox.azure_devops.rest.pages import page
from sandbox.azure_devops.rest.pipelines import build_errors
from sandbox.azure_devops.rest.pipelines.build_errors import require
from sandbox.azure_devops.rest.pipelines.definition_form import folder_of, read_definition
from sandbox.azure_devops.rest.pipelines.definition_view import listed, whole
from sandbox.azure_devops.rest.shapes import number
from sandbox.azure_devops.rest.signatures import identity_reference
from sandbox.azure_devops.security.namespaces import BUILD, build_token
from sandbox.http.message import Response

_PAGE = 10_000


def routes() -> Routes:
    one = "{project}/_apis/build/definitions/{definition}"
    return [
        ("POST", "{project}/_apis/build/definitions", _create),
        ("GET", "{project}/_apis/build/definitions", _list),
        ("GET", one, _get),
        ("PUT", one, _update),
        ("DELETE", one, _delete),
    ]


def pipeline_of(call: Call, project: Project, number: str) -> Pipeline:
    """The pipeline of this number that the caller may see."""
    found = project.library.pipeline(number)
    if found is None or not call.allows(BUILD, build_token(project.id, found.id), "ViewBuildDefinition"):
        raise build_errors.no_definition(number)
    return found


def add_pipeline(call: Call, project: Project, made: Pipeline) -> Pipeline:
    """Keep a new pipeline of the caller; one of the same name in the same folder is refused."""
    require(call, project, "CreateBuildDefinition")
    with call.organisation.lock:
        _check_name(project, made)
        document = {**made.document, "createdDate": call.now(), "authoredBy": identity_reference(call, call.member)}
        return project.library.put_pipeline(replace(made, id=0, revision=1, document=document))


def _create(call: Call) -> dict[str, Any]:
    project = call.project()
    require(call, project, "CreateBuildDefinition")
    return whole(call, project, add_pipeline(call, project, read_definition(call.fields(), project)))


def _list(call: Call) -> Response:
    project = call.project()
    if call.query("repositoryId") and not call.query("repositoryType"):
        message = "A repository type must be specified when a repository ID is."
        raise bad_request(message, "InvalidArgumentValueException")
    found = [one for one in _candidates(call, project) if _fits(call, project, one)
             and call.allows(BUILD, build_token(project.id, one.id), "ViewBuildDefinition")]
    found.sort(key=lambda one: (one.name.casefold(), one.id), reverse=_is_descending(call))
    shown = whole if (call.query("includeAllProperties") or "").casefold() == "true" else listed
    return page(call, [shown(call, project, one) for one in found], default=_PAGE)


def _candidates(call: Call, project: Project) -> list[Pipeline]:
    """All that can fit: those of a name, where a whole one is asked for, or of a repository."""
    name, repository = call.query("name"), call.query("repositoryId")
    if name and "*" not in name:
        return project.library.pipelines_named(name)
    record = project.repositories.record(repository) if repository else None
    return project.library.of_repository(record.name) if record else project.library.pipelines


def _is_descending(call: Call) -> bool:
    return (call.query("queryOrder") or "").casefold().endswith("descending")


def _fits(call: Call, project: Project, pipeline: Pipeline) -> bool:
    name, path, yaml = call.query("name"), call.query("path"), call.query("yamlFilename")
    record = project.repositories.record(pipeline.repository)
    numbers = call.query("definitionIds")
    return all((
        not name or fnmatchcase(pipeline.name.casefold(), _pattern(name)),
        not path or pipeline.folder.casefold() == folder_of(path).casefold(),
        not yaml or pipeline.yaml_path.casefold() == yaml.lstrip("/").casefold(),
        not numbers or str(pipeline.id) in numbers.split(","),
        not call.query("repositoryId") or (record is not None and record.id == str(call.query("repositoryId")).lower()),
        (call.query("repositoryType") or "tfsgit").casefold() == "tfsgit",
    ))


def _pattern(name: str) -> str:
    """Only the star is special in the service's filter."""
    return name.casefold().replace("[", "[[]").replace("?", "[?]")


def _get(call: Call) -> dict[str, Any]:
    project = call.project()
    return whole(call, project, pipeline_of(call, project, call.argument("definition")))


def _update(call: Call) -> dict[str, Any]:
    project = call.project()
    data = call.fields()
    with call.organisation.lock:
        known = pipeline_of(call, project, call.argument("definition"))
        require(call, project, "EditBuildDefinition", known)
        if data.get("id") != known.id:
            raise build_errors.other_definition(known.id, data.get("id", 0))
        if data.get("revision") != known.revision:
            raise build_errors.stale_definition(known.id, number(data.get("revision"), "revision"), known.revision)
        made = replace(read_definition(data, project, known), revision=known.revision + 1)
        _check_name(project, made)
        return whole(call, project, project.library.put_pipeline(made))


def _delete(call: Call) -> Response:
    project = call.project()
    with call.organisation.lock:
        known = pipeline_of(call, project, call.argument("definition"))
        require(call, project, "DeleteBuildDefinition", known)
        project.library.remove_pipeline(known.id)
    return Response(204)


def _check_name(project: Project, made: Pipeline) -> None:
    for other in project.library.pipelines_named(made.name):
        if other.folder.casefold() == made.folder.casefold() and other.id != made.id:
            raise build_errors.definition_exists(made.name, project)
