"""MLflow tracking: traces, as far as mlflow-skinny 2.22 calls them."""
from __future__ import annotations

import uuid
from typing import Any

from sandbox.databricks.call import Call, Handler, Routes, routes_below
from sandbox.databricks.errors import not_modelled, refuse
from sandbox.databricks.mlflow.artifacts.artifact_files import join
from sandbox.databricks.mlflow.artifacts.signatures import READ, WRITE
from sandbox.databricks.mlflow.errors import experiment_not_active, no_trace
from sandbox.databricks.mlflow.experiment import ACTIVE
from sandbox.databricks.mlflow.experiments import CAN_EDIT, CAN_READ
from sandbox.databricks.mlflow.names import checked_tags
from sandbox.databricks.mlflow.run_access import experiment_of
from sandbox.databricks.mlflow.traces.trace import Trace
from sandbox.databricks.mlflow.traces.trace_search import search_traces

_SPANS = "traces.json"


def trace_routes() -> Routes:
    handlers: dict[str, Handler] = {
        "GET {id}": _get_version_3, "GET {id}/info": _get, "PATCH {id}": _end,
        "PATCH {id}/tags": _set_tag, "DELETE {id}/tags": _delete_tag, "POST delete-traces": _delete,
        "GET {id}/credentials-for-data-upload": _credential(WRITE, CAN_EDIT),
        "GET {id}/credentials-for-data-download": _credential(READ, CAN_READ),
    }
    path = "/api/2.0/mlflow/traces"
    return [("POST", path, _start), ("GET", path, search_traces), *routes_below(path, handlers)]


def _start(call: Call) -> dict[str, Any]:
    fields = call.fields("mlflow/traces/start", "experiment_id")
    experiment = experiment_of(call, fields["experiment_id"], CAN_EDIT)
    if experiment.lifecycle_stage != ACTIVE:
        raise experiment_not_active(experiment.experiment_id, experiment.lifecycle_stage)
    trace = Trace(f"tr-{uuid.uuid4().hex}", experiment.experiment_id, fields.get("timestamp_ms", int(call.now * 1000)),
                  checked_tags(fields.get("request_metadata", [])), checked_tags(fields.get("tags", [])))
    call.state.mlflow.traces.put(trace)
    return {"trace_info": trace.as_json()}


def _end(call: Call) -> dict[str, Any]:
    """What is told now is added to what was told at the start."""
    fields = call.fields("mlflow/traces/end")
    trace = _trace(call, CAN_EDIT)
    metadata, tags = checked_tags(fields.get("request_metadata", [])), checked_tags(fields.get("tags", []))
    trace.metadata.update(metadata)
    trace.tags.update(tags)
    trace.status = fields.get("status", trace.status)
    if "timestamp_ms" in fields:
        trace.execution_time_ms = fields["timestamp_ms"] - trace.timestamp_ms
    call.state.mlflow.traces.put(trace)
    return {"trace_info": trace.as_json()}


def _get(call: Call) -> dict[str, Any]:
    return {"trace_info": _trace(call, CAN_READ).as_json()}


def _get_version_3(_: Call) -> dict[str, Any]:
    """The client asks for it first, and expects that a workspace may not have it yet."""
    what = "traces of version 3, with their assessments"
    raise not_modelled(what)


def _set_tag(call: Call) -> dict[str, Any]:
    tags = checked_tags([call.fields("mlflow/traces/set-tag")])
    trace = _trace(call, CAN_EDIT)
    trace.tags.update(tags)
    call.state.mlflow.traces.put(trace)
    return {}


def _delete_tag(call: Call) -> dict[str, Any]:
    key = call.fields("mlflow/traces/delete-tag", "key")["key"]
    trace = _trace(call, CAN_EDIT)
    if trace.tags.pop(key, None) is None:
        refuse(f"No tag with name: {key} in trace with ID {trace.request_id}.")
    call.state.mlflow.traces.put(trace)
    return {}


def _delete(call: Call) -> dict[str, Any]:
    """By id, or the oldest up to a moment."""
    fields = call.fields("mlflow/traces/delete", "experiment_id")
    _check_choice(fields)
    ids, latest = set(fields.get("request_ids", [])), fields.get("max_timestamp_millis")
    experiment_of(call, fields["experiment_id"], CAN_EDIT)
    traces = sorted(call.state.mlflow.traces.of(fields["experiment_id"]), key=lambda trace: trace.timestamp_ms)
    found = [one for one in traces if one.request_id in ids or (latest is not None and one.timestamp_ms <= latest)]
    found = found[:fields.get("max_traces")]
    for trace in found:
        call.state.mlflow.artifacts.remove(trace.folder)
        call.state.mlflow.traces.remove(trace)
    return {"traces_deleted": len(found)}


def _check_choice(fields: dict[str, Any]) -> None:
    """The same as https://github.com/mlflow/mlflow/blob/master/mlflow/store/tracking/abstract_store.py refuses."""
    has_ids = bool(fields.get("request_ids"))
    if has_ids == ("max_timestamp_millis" in fields):
        refuse("Exactly one of max_timestamp_millis and request_ids must be specified")
    if has_ids and "max_traces" in fields:
        refuse("max_traces can only be specified with max_timestamp_millis")
    if fields.get("max_traces", 1) <= 0:
        refuse(f"max_traces must be a positive integer, received {fields['max_traces']}")


def _credential(permission: str, needed: str) -> Handler:
    def give(call: Call) -> dict[str, Any]:
        trace = _trace(call, needed)
        url = call.state.mlflow.signatures.url(call.request, join(trace.folder, _SPANS), permission, call.now)
        return {"credential_info": {"run_id": trace.request_id, "path": _SPANS, "signed_uri": url,
                                    "type": "AZURE_SAS_URI"}}

    return give


def _trace(call: Call, needed: str) -> Trace:
    request_id = call.request.arguments["id"]
    trace = call.state.mlflow.traces.find(request_id)
    if trace is None:
        raise no_trace(request_id)
    call.state.mlflow.experiments.get(trace.experiment_id, call.caller, needed)
    return trace
