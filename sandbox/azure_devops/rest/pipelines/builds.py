"""Builds, which is what the runs of pipelines are called here: https://learn.microsoft.com/rest/api/azure/devops/build/builds.

A list is paged by a token that is a time, and has to be asked for with the same filters and order.
"""
from __future__ import annotations

import json
from typing import Any

from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.rest.call import Call, Routes, collection
from sandbox.azure_devops.rest.errors import bad_request, needed
from sandbox.azure_devops.rest.pages import TOKEN_HEADER
from sandbox.azure_devops.rest.pipelines import build_errors
from sandbox.azure_devops.rest.pipelines.build_errors import require
from sandbox.azure_devops.rest.pipelines.build_query import listed
from sandbox.azure_devops.rest.pipelines.build_view import build, definition_of
from sandbox.azure_devops.rest.pipelines.definitions import pipeline_of
from sandbox.azure_devops.rest.pipelines.queueing import Asked, CannotRunError, order_for
from sandbox.azure_devops.rest.shapes import mapping
from sandbox.azure_devops.runs.run_history import RunRecord
from sandbox.azure_devops.security.namespaces import BUILD, build_token
from sandbox.http.message import Response, json_response
from sandbox.pipelines.request import Variable

_CANCELLING = "cancelling"


def routes() -> Routes:
    one = "{project}/_apis/build/builds/{build}"
    return [
        ("POST", "{project}/_apis/build/builds", _queue),
        ("GET", "{project}/_apis/build/builds", _list),
        ("GET", one, _get),
        ("PATCH", one, _update),
    ]


def run_of(call: Call, project: Project) -> RunRecord:
    """The run of the route that the caller may see."""
    text = call.argument("build")
    found = call.organisation.runs.record(int(text)) if text.isdigit() else None
    if found is None or found.project != project.id or not _is_visible(call, found):
        raise build_errors.no_build(text)
    return found


def _is_visible(call: Call, run: RunRecord) -> bool:
    return call.allows(BUILD, build_token(run.project, run.definition), "ViewBuilds")


def _queue(call: Call) -> dict[str, Any] | Response:
    project, data = call.project(), call.fields()
    number = mapping(data.get("definition"), "definition").get("id") or call.query("definitionId")
    if not number:
        raise needed(parameter="build.Definition")
    pipeline = pipeline_of(call, project, str(number))
    asked = Asked(str(data.get("sourceBranch") or ""), str(data.get("sourceVersion") or ""),
                  mapping(data.get("templateParameters"), "templateParameters"), _variables(data.get("parameters")))
    try:
        order, _ = order_for(call, project, pipeline, asked)
    except CannotRunError as error:
        return error.response()
    run = call.organisation.runs.queue(order)
    if run is None:
        raise build_errors.stopped()
    return build(call, project, run.record())


def _list(call: Call) -> Response:
    project = call.project()
    if call.query("repositoryId") and not call.query("repositoryType"):
        message = "A repository type must be specified when a repository ID is."
        raise bad_request(message, "InvalidArgumentValueException")
    mine = (run for run in call.organisation.runs.records() if run.project == project.id and _is_visible(call, run))
    found, token = listed(call, project, mine)
    headers = {TOKEN_HEADER: token} if token else {}
    return json_response(collection(build(call, project, run) for run in found), headers=headers)


def _get(call: Call) -> dict[str, Any]:
    project = call.project()
    return build(call, project, run_of(call, project))


def _update(call: Call) -> dict[str, Any]:
    """Only a cancellation is modelled."""
    project = call.project()
    run = run_of(call, project)
    data = call.fields()
    if str(data.get("status", "")).casefold() != _CANCELLING:
        message = f"Only the status {_CANCELLING} can be set here, not {json.dumps(data)[:200]}."
        raise bad_request(message, "InvalidBuildException")
    require(call, project, "StopBuilds", definition_of(project, run))
    if run.is_completed:
        raise build_errors.build_completed(run.id)
    call.organisation.runs.cancel(run.id)
    return build(call, project, run_of(call, project))


def _variables(text: object) -> dict[str, Variable]:
    """Queue-time variables travel as JSON inside of a text."""
    if not text:
        return {}
    try:
        found = json.loads(str(text))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        message = "The build parameters have to be a JSON object."
        raise bad_request(message, "VssPropertyValidationException")
    return {name: Variable(str(value)) for name, value in found.items()}
