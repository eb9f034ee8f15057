"""Which traces of some experiments fit a filter, in an order, page by page."""
from __future__ import annotations

from functools import partial
from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.errors import refuse
from sandbox.databricks.mlflow.conditions import Value, all_hold
from sandbox.databricks.mlflow.experiments import CAN_READ
from sandbox.databricks.mlflow.run_access import experiment_of
from sandbox.databricks.mlflow.search_filter import read_filter
from sandbox.databricks.mlflow.search_order import in_order
from sandbox.databricks.mlflow.traces.trace import Trace
from sandbox.databricks.offset_pages import page
from sandbox.databricks.replies import without_empty

# https://mlflow.org/docs/latest/genai/tracing/search-traces/
_ENTITIES = {
    **dict.fromkeys(("", "attribute", "attributes", "attr", "trace"), "attributes"),
    **dict.fromkeys(("tag", "tags"), "tags"), **dict.fromkeys(("metadata", "request_metadata"), "metadata"),
}
_LARGEST, _USUAL = 500, 100


def search_traces(call: Call) -> dict[str, Any]:
    fields = call.fields("mlflow/traces/search")
    experiments = dict.fromkeys(fields.get("experiment_ids", []))
    for experiment_id in experiments:
        experiment_of(call, experiment_id, CAN_READ)
    conditions = read_filter(fields.get("filter", ""), _ENTITIES)
    found = [trace for experiment_id in experiments for trace in call.state.mlflow.traces.of(experiment_id)
             if all_hold(conditions, partial(_look, trace))]
    newest_first = sorted(found, key=lambda trace: (-trace.timestamp_ms, trace.request_id))
    ordered = in_order(newest_first, fields.get("order_by", []), _look, _ENTITIES)
    rows, token = page(ordered, fields.get("max_results", _USUAL), fields.get("page_token", ""), largest=_LARGEST)
    return without_empty(traces=[trace.as_json() for trace in rows], next_page_token=token)


def _look(trace: Trace, entity: str, key: str) -> Value:
    if entity == "tags":
        return trace.tags.get(key)
    if entity == "metadata":
        return trace.metadata.get(key)
    attributes: dict[str, Value] = {
        "request_id": trace.request_id, "timestamp_ms": trace.timestamp_ms, "timestamp": trace.timestamp_ms,
        "execution_time_ms": trace.execution_time_ms, "execution_time": trace.execution_time_ms,
        "status": trace.status, "name": trace.tags.get("mlflow.traceName"),
        "run_id": trace.metadata.get("mlflow.sourceRun")}
    if key not in attributes:
        refuse(f"Invalid attribute key '{key}' specified. Valid keys are {', '.join(attributes)}")
    return attributes[key]
