"""The workspace registry: moving versions between stages, and asking for it."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call, Handler, Routes, routes_below
from sandbox.databricks.errors import deny, refuse_missing
from sandbox.databricks.registry.activities import REQUESTED, Activity
from sandbox.databricks.registry.errors import no_transition_request
from sandbox.databricks.registry.model import ARCHIVED, ModelVersion, RegisteredModel
from sandbox.databricks.registry.model_access import CAN_READ, check, version_of
from sandbox.databricks.registry.model_view import detailed_version, version_row
from sandbox.databricks.registry.stages import check_archiving, level_for, read_stage
from sandbox.databricks.replies import without_empty

_REQUESTS = "mlflow/transition-requests"


def stage_routes() -> Routes:
    handlers: dict[str, Handler] = {
        "POST model-versions/transition-stage": _transition,
        "POST databricks/model-versions/transition-stage": _transition_detailed,
        "POST transition-requests/create": _request, "GET transition-requests/list": _requests,
        "POST transition-requests/approve": _approve, "POST transition-requests/reject": _reject,
        "DELETE transition-requests/delete": _withdraw,
    }
    return routes_below("/api/2.0/mlflow", handlers)


def _transition(call: Call) -> dict[str, Any]:
    """MLflow's own route, with its own reply."""
    model, version, _ = _moved(call, call.fields("mlflow/model-versions/transition-stage"))
    return {"model_version": version_row(call, model, version)}


def _transition_detailed(call: Call) -> dict[str, Any]:
    model, version, _ = _moved(call, call.fields("mlflow/databricks/model-versions/transition-stage"))
    return {"model_version_databricks": detailed_version(call, model, version)}


def _request(call: Call) -> dict[str, Any]:
    """Whoever may read a model may ask for it."""
    fields = call.fields(f"{_REQUESTS}/create", "stage")
    _, version = version_of(call, fields, CAN_READ)
    request = call.state.registry.activities.add(version, REQUESTED, call.caller.name, call.now)
    request.from_stage, request.to_stage = version.stage, read_stage(fields["stage"])
    request.comment = fields.get("comment", "")
    call.state.registry.activities.put(request, call.now)
    return {"request": request.as_json()}


def _requests(call: Call) -> dict[str, Any]:
    _, version = version_of(call, call.fields(f"{_REQUESTS}/list"), CAN_READ)
    found = call.state.registry.activities.requests(version)
    return without_empty(requests=[request.as_json() for request in found])


def _approve(call: Call) -> dict[str, Any]:
    """Moves the version, and so decides every request for that stage."""
    fields = call.fields(f"{_REQUESTS}/approve", "stage")
    _, version = version_of(call, fields, CAN_READ)
    requests = _open(call, version, fields["stage"])
    _moved(call, fields)
    return _decided(call, requests, "APPROVED_REQUEST", fields)


def _reject(call: Call) -> dict[str, Any]:
    fields = call.fields(f"{_REQUESTS}/reject", "stage")
    model, version = version_of(call, fields, CAN_READ)
    requests = _open(call, version, fields["stage"])
    check(call, model, level_for(version.stage, read_stage(fields["stage"])))
    return _decided(call, requests, "REJECTED_REQUEST", fields)


def _withdraw(call: Call) -> dict[str, Any]:
    """Only who asked takes it back."""
    fields = call.fields(f"{_REQUESTS}/delete", "stage", "creator")
    _, version = version_of(call, fields, CAN_READ)
    requests = [one for one in _open(call, version, fields["stage"]) if one.user == fields["creator"]]
    if not requests:
        raise no_transition_request(fields["stage"])
    if fields["creator"] != call.caller.name:
        deny(f"{call.caller.name} cannot delete the transition request of {fields['creator']}")
    return _decided(call, requests, "CANCELLED_REQUEST", fields)


def _moved(call: Call, fields: dict[str, Any]) -> tuple[RegisteredModel, ModelVersion, str]:
    """The version in its new stage; those that were there are archived if that is asked for."""
    model, version = version_of(call, fields, CAN_READ)
    for name in ("stage", "archive_existing_versions"):
        if fields.get(name) in (None, ""):
            refuse_missing(name)
    stage, store = read_stage(fields["stage"]), call.state.registry
    check(call, model, level_for(version.stage, stage))
    if fields["archive_existing_versions"]:
        check_archiving(stage)
        for other in store.versions(model):
            if other.stage == stage and other is not version:
                other.stage = ARCHIVED
                store.put_version(other, call.now)
    version.stage = stage
    store.put_version(version, call.now)
    store.put(model, call.now)
    return model, version, stage


def _open(call: Call, version: ModelVersion, stage: str) -> list[Activity]:
    found = [one for one in call.state.registry.activities.requests(version) if one.to_stage == read_stage(stage)]
    if not found:
        raise no_transition_request(stage)
    return found


def _decided(call: Call, requests: list[Activity], kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    for request in requests:
        call.state.registry.activities.remove(request)
    return {"activity": {**requests[0].as_json(), "activity_type": kind, "user_id": call.caller.name,
                         "last_updated_timestamp": int(call.now * 1000),
                         **without_empty(comment=fields.get("comment"))}}
