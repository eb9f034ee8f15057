"""Runs of pipelines, and previews: https://learn.microsoft.com/rest/api/azure/devops/pipelines/runs."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.azure_devops.rest.call import Call, Routes, collection
from sandbox.azure_devops.rest.errors import RestError, bad_request
from sandbox.azure_devops.rest.pipelines import build_errors
from sandbox.azure_devops.rest.pipelines.build_errors import require
from sandbox.azure_devops.rest.pipelines.builds import run_of
from sandbox.azure_devops.rest.pipelines.definitions import pipeline_of
from sandbox.azure_devops.rest.pipelines.pipeline_view import run as shown
from sandbox.azure_devops.rest.pipelines.queueing import Asked, CannotRunError, order_for
from sandbox.azure_devops.rest.shapes import mapping, mappings, rows
from sandbox.azure_devops.runs.run_order import RunOrder
from sandbox.pipelines.final import to_yaml
from sandbox.pipelines.prepare import Prepared
from sandbox.pipelines.request import Variable

_MOST = 10_000
_PREVIEW = -1


def routes() -> Routes:
    one = "{project}/_apis/pipelines/{definition}"
    return [
        ("POST", f"{one}/runs", _run),
        ("POST", f"{one}/preview", _preview),
        ("GET", f"{one}/runs", _list),
        ("GET", f"{one}/runs/{{build}}", _get),
    ]


def _run(call: Call) -> dict[str, Any]:
    data = mapping(call.body(), "body")
    order, prepared = _order(call, data)
    if data.get("previewRun"):
        return _previewed(prepared)
    run = call.organisation.runs.queue(order)
    if run is None:
        raise build_errors.stopped()
    return shown(call, call.project(), run.record())


def _preview(call: Call) -> dict[str, Any]:
    _, prepared = _order(call, mapping(call.body(), "body"))
    return _previewed(prepared)


def _previewed(prepared: Prepared) -> dict[str, Any]:
    return {"finalYaml": to_yaml(prepared.expanded.root), "id": _PREVIEW, "state": "unknown"}


def _order(call: Call, data: Mapping[str, Any]) -> tuple[RunOrder, Prepared]:
    project = call.project()
    pipeline = pipeline_of(call, project, call.argument("definition"))
    if data.get("yamlOverride"):
        message = "yamlOverride is not modelled by this organisation."
        raise bad_request(message, "InvalidPipelineException")
    try:
        return order_for(call, project, pipeline, _asked(data))
    except CannotRunError as error:
        message = "\n".join(error.messages)
        raise RestError(400, "PipelineValidationException", message) from error


def _asked(data: Mapping[str, Any]) -> Asked:
    resources = mapping(data.get("resources"), "resources")
    repositories = mappings(resources.get("repositories"), "resources.repositories")
    own = repositories.pop("self", {})
    if repositories:
        message = f"Another state of the repository {min(repositories)!r} is not modelled by this organisation."
        raise bad_request(message, "InvalidPipelineException")
    variables = {name: Variable(str(one.get("value") or ""), secret=bool(one.get("isSecret")))
                 for name, one in mappings(data.get("variables"), "variables").items()}
    return Asked(str(own.get("refName") or ""), str(own.get("version") or ""),
                 mapping(data.get("templateParameters"), "templateParameters"), variables,
                 [str(one) for one in rows(data.get("stagesToSkip"), "stagesToSkip")])


def _list(call: Call) -> dict[str, Any]:
    project = call.project()
    pipeline = pipeline_of(call, project, call.argument("definition"))
    require(call, project, "ViewBuilds", pipeline)
    found = [one for one in call.organisation.runs.records()
             if (one.project, one.definition) == (project.id, pipeline.id)]
    return collection(shown(call, project, one) for one in found[:_MOST])


def _get(call: Call) -> dict[str, Any]:
    project = call.project()
    found = run_of(call, project)
    if str(found.definition) != call.argument("definition"):
        raise build_errors.no_build(call.argument("build"))
    return shown(call, project, found)
