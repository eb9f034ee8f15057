"""Checks of resources: https://learn.microsoft.com/rest/api/azure/devops/approvalsandchecks/check-configurations.

Settings are shown only where `$expand=settings` asks for them, and a check posted twice is there twice.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sandbox.azure_devops.checks.check_record import MOST_MINUTES, TYPE_NAMES, CheckRecord, CheckRecords
from sandbox.azure_devops.checks.read_checks import CheckSettingsError, read_check
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.projects.resources import Resource
from sandbox.azure_devops.rest.call import Call, Routes, collection
from sandbox.azure_devops.rest.checks.check_errors import no_check
from sandbox.azure_devops.rest.errors import needed, not_modelled, wrong
from sandbox.azure_devops.rest.protected_resources import find, require_administrator
from sandbox.azure_devops.rest.shapes import number
from sandbox.azure_devops.rest.signatures import sign, signed
from sandbox.http.message import Response

_EXPANDED = ("settings", "1")


def routes() -> Routes:
    checks = "{project}/_apis/pipelines/checks"
    area = f"{checks}/configurations"
    return [("GET", area, _list), ("POST", area, _add), ("GET", f"{area}/{{id}}", _get),
            ("PATCH", f"{area}/{{id}}", _update), ("DELETE", f"{area}/{{id}}", _delete),
            ("POST", f"{checks}/queryconfigurations", _query)]


def _list(call: Call) -> dict[str, Any]:
    """Of one resource, or all of the project where none is named."""
    project = call.project()
    kind, identifier = call.query("resourceType"), call.query("resourceId")
    if kind and identifier:
        found = _records(call).of(find(call, project, kind, identifier))
    else:
        found = [one for one in _records(call) if kind in (None, one.resource.kind)]
    return collection(_view(call, one) for one in found if one.project == project.id)


def _query(call: Call) -> dict[str, Any]:
    project, rows = call.project(), call.body()
    if not isinstance(rows, list):
        raise needed(parameter="resources")
    resources = [_resource(call, project, row) for row in rows]
    return collection(_view(call, one) for resource in resources for one in _records(call).of(resource))


def _get(call: Call) -> dict[str, Any]:
    return _view(call, _record(call, call.project()))


def _add(call: Call) -> dict[str, Any]:
    project, fields = call.project(), call.fields()
    resource = _resource(call, project, fields.get("resource"))
    require_administrator(call, project, resource)
    settings, timeout = fields.get("settings"), fields.get("timeout", MOST_MINUTES)
    record = _checked(call, CheckRecord(project.id, resource, _type(fields.get("type")), settings, timeout))
    with call.organisation.lock:
        made = _records(call).add(record)
        sign(call, _key(made))
    return _view(call, made, whole=True)


def _update(call: Call) -> dict[str, Any]:
    """What is not sent stays; the type and the resource are those it was made with."""
    project, fields = call.project(), call.fields()
    with call.organisation.lock:
        known = _record(call, project)
        require_administrator(call, project, known.resource)
        settings, timeout = fields.get("settings", known.settings), fields.get("timeout", known.timeout)
        changed = _records(call).change(_checked(call, replace(known, settings=settings, timeout=timeout)))
        sign(call, _key(changed))
    return _view(call, changed, whole=True)


def _delete(call: Call) -> Response:
    project = call.project()
    with call.organisation.lock:
        known = _record(call, project)
        require_administrator(call, project, known.resource)
        _records(call).remove(known.id)
        call.organisation.authorship.forget(_key(known))
    return Response(204)


def _checked(call: Call, record: CheckRecord) -> CheckRecord:
    """Refused where the gate could not read it, or would wait for ever."""
    if not 1 <= number(record.timeout, "timeout") <= MOST_MINUTES:
        raise wrong(message=f"Timeout has to be between 1 and {MOST_MINUTES} minutes, got {record.timeout!r}.")
    if record.settings is not None and not isinstance(record.settings, Mapping):
        raise wrong(message="Settings of a check have to be an object.")
    try:
        read_check(record, call.organisation.directory)
    except CheckSettingsError as error:
        raise wrong(message=str(error)) from error
    return record


def _type(given: object) -> str:
    """By its id, or by its name where there is none."""
    if not isinstance(given, Mapping):
        raise needed(parameter="type")
    identifier, name = str(given.get("id") or "").casefold(), str(given.get("name") or "").casefold()
    by_name = {shown.casefold(): known for known, shown in TYPE_NAMES.items()}
    found = identifier if identifier in TYPE_NAMES else "" if identifier else by_name.get(name, "")
    if not found:
        raise not_modelled(what=f"Check type {identifier or name!r}", expected=", ".join(TYPE_NAMES.values()))
    return found


def _resource(call: Call, project: Project, given: object) -> Resource:
    if not isinstance(given, Mapping):
        raise needed(parameter="resource")
    return find(call, project, str(given.get("type", "")), str(given.get("id", "")))


def _record(call: Call, project: Project) -> CheckRecord:
    number = call.argument("id")
    found = _records(call).get(int(number)) if number.isdigit() else None
    if found is None or found.project != project.id:
        raise no_check(number)
    return found


def _records(call: Call) -> CheckRecords:
    return call.organisation.checkpoint.protection.records


def _view(call: Call, record: CheckRecord, *, whole: bool = False) -> dict[str, Any]:
    expanded = whole or (call.query("$expand") or "").casefold() in _EXPANDED
    url = f"{call.organisation.collection_uri}{record.project}/_apis/pipelines/checks/configurations/{record.id}"
    settings = {"settings": record.settings} if expanded and record.settings is not None else {}
    return {
        **settings, **signed(call, _key(record)), "timeout": record.timeout, "_links": {"self": {"href": url}},
        "id": record.id, "version": record.version, "type": {"id": record.type, "name": TYPE_NAMES[record.type]},
        "url": url, "resource": {"type": record.resource.kind, "id": record.resource.id, "name": record.resource.name},
    }


def _key(record: CheckRecord) -> str:
    return f"check/{record.id}"
