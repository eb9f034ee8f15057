"""Check suites: https://learn.microsoft.com/rest/api/azure/devops/approvalsandchecks/check-evaluations.

Only stages of runs pass checks here, through the gate; a suite that a client asks for tells which checks hang on its
resources, and lets them wait.
"""
from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.azure_devops.checks.check_record import TYPE_NAMES, CheckRecord, CheckRecords
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.rest.call import Call, Routes, timestamp
from sandbox.azure_devops.rest.checks.check_errors import no_check
from sandbox.azure_devops.rest.errors import needed
from sandbox.azure_devops.rest.protected_resources import find
from sandbox.azure_devops.rest.shapes import mapping, rows
from sandbox.table import Table


@dataclass(frozen=True)
class CheckSuite:
    """`checks` are the numbers of those that waited when it was asked for; `asked` in seconds since 1970."""

    id: str
    project: str
    asked: float
    checks: Sequence[int] = ()
    context: Mapping[str, Any] = field(default_factory=dict)


def routes() -> Routes:
    area = "{project}/_apis/pipelines/checks/runs"
    return [("POST", area, _evaluate), ("GET", f"{area}/{{id}}", _get)]


def _evaluate(call: Call) -> dict[str, Any]:
    project, fields = call.project(), call.fields()
    named = [mapping(one, "resources") for one in rows(fields.get("resources"), "resources")]
    if not named:
        raise needed(parameter="resources")
    resources = [find(call, project, str(one.get("type", "")), str(one.get("id", ""))) for one in named]
    checks = [check.id for resource in resources for check in _records(call).of(resource)]
    made = CheckSuite(str(fields.get("id") or uuid.uuid4()), project.id, call.organisation.clock.now(), checks,
                      mapping(fields.get("context"), "context"))
    _suites(call)[made.id.casefold()] = made
    return _view(call, project, made)


def _get(call: Call) -> dict[str, Any]:
    project, identifier = call.project(), call.argument("id")
    found = _suites(call).get(identifier.casefold())
    if found is None or found.project != project.id:
        raise no_check(identifier)
    return _view(call, project, found)


def _view(call: Call, project: Project, suite: CheckSuite) -> dict[str, Any]:
    """Nothing to pass is passed; a check that was removed meanwhile is not waited for."""
    waiting = [record for number in suite.checks if (record := _records(call).get(number))]
    url = f"{call.organisation.collection_uri}{project.id}/_apis/pipelines/checks/runs/{suite.id}"
    return {"id": suite.id, "context": dict(suite.context), "status": "queued" if waiting else "approved",
            "checkRuns": [_run(call, suite, one) for one in waiting], "_links": {"self": {"href": url}}}


def _run(call: Call, suite: CheckSuite, record: CheckRecord) -> dict[str, Any]:
    base = f"{call.organisation.collection_uri}{record.project}/_apis/pipelines/checks/configurations"
    reference = {"id": record.id, "type": {"id": record.type, "name": TYPE_NAMES[record.type]},
                 "resource": {"type": record.resource.kind, "id": record.resource.id, "name": record.resource.name},
                 "url": f"{base}/{record.id}"}
    return {"id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{suite.id}/{record.id}")), "status": "queued",
            "createdDate": timestamp(suite.asked), "checkConfigurationRef": reference}


def _records(call: Call) -> CheckRecords:
    return call.organisation.checkpoint.protection.records


def _suites(call: Call) -> Table[CheckSuite]:
    return call.organisation.storage.table("check suite", CheckSuite)
