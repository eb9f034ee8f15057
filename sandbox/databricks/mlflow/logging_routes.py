"""MLflow tracking: what is logged to a run, and the history of a metric."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call, Handler, Routes, routes_below
from sandbox.databricks.errors import refuse, refuse_missing
from sandbox.databricks.fields import read_body
from sandbox.databricks.mlflow.errors import parameter_changed
from sandbox.databricks.mlflow.experiments import CAN_READ
from sandbox.databricks.mlflow.metric_values import point_of, with_number
from sandbox.databricks.mlflow.model_log import logged_model_tags
from sandbox.databricks.mlflow.names import checked_parameters, checked_tags
from sandbox.databricks.mlflow.run import TrackedRun
from sandbox.databricks.mlflow.run_access import run_of, run_to_log_to
from sandbox.databricks.offset_pages import page
from sandbox.databricks.replies import without_empty

_LIMITS = {"metrics": 1000, "params": 100, "tags": 100}
_MOST, _LARGEST_HISTORY = 1000, 25_000


def logging_routes() -> Routes:
    handlers: dict[str, Handler] = {
        "POST runs/log-metric": _log_metric, "POST runs/log-parameter": _log_parameter,
        "POST runs/log-batch": _log_batch, "POST runs/set-tag": _set_tag, "POST runs/delete-tag": _delete_tag,
        "POST runs/log-inputs": _log_inputs, "POST runs/outputs": _log_outputs, "POST runs/log-model": _log_model,
        "GET metrics/get-history": _history,
    }
    return routes_below("/api/2.0/mlflow", handlers)


def _log_metric(call: Call) -> dict[str, Any]:
    fields = read_body("mlflow/runs/log-metric", with_number(call.raw_body()), strict=call.state.strict)
    run = run_to_log_to(call, fields)
    call.state.mlflow.runs.log(point_of(run, fields))
    return {}


def _log_parameter(call: Call) -> dict[str, Any]:
    fields = call.fields("mlflow/runs/log-parameter")
    run = run_to_log_to(call, fields)
    _write(call, run, checked_parameters([fields]), {})
    return {}


def _log_batch(call: Call) -> dict[str, Any]:
    """All of it or nothing: the limits and the parameters are looked at first."""
    body = call.raw_body()
    metrics = body.get("metrics")
    if isinstance(metrics, list):
        body = {**body, "metrics": [with_number(row) for row in metrics]}
    fields = read_body("mlflow/runs/log-batch", body, strict=call.state.strict)
    run = run_to_log_to(call, fields)
    _check_size(fields)
    points = [point_of(run, row) for row in fields.get("metrics", [])]
    _write(call, run, checked_parameters(fields.get("params", [])), checked_tags(fields.get("tags", [])))
    for point in points:
        call.state.mlflow.runs.log(point)
    return {}


def _set_tag(call: Call) -> dict[str, Any]:
    fields = call.fields("mlflow/runs/set-tag")
    run = run_to_log_to(call, fields)
    _write(call, run, [], checked_tags([fields]))
    return {}


def _delete_tag(call: Call) -> dict[str, Any]:
    fields = call.fields("mlflow/runs/delete-tag")
    run = run_to_log_to(call, fields)
    if run.tags.pop(fields.get("key", ""), None) is None:
        refuse(f"No tag with name: {fields.get('key', '')} in run with id {run.run_id}")
    call.state.mlflow.runs.put(run)
    return {}


def _log_inputs(call: Call) -> dict[str, Any]:
    fields = call.fields("mlflow/runs/log-inputs")
    run = run_to_log_to(call, fields)
    for row in fields.get("datasets", []):
        if not row.get("dataset", {}).get("name") or not row["dataset"].get("digest"):
            refuse("Each dataset must have a name and a digest")
    for row in fields.get("datasets", []):
        run.datasets = [known for known in run.datasets if known["dataset"] != row["dataset"]] + [row]
    run.models_in += [row for row in fields.get("models", []) if row not in run.models_in]
    call.state.mlflow.runs.put(run)
    return {}


def _log_outputs(call: Call) -> dict[str, Any]:
    fields = call.fields("mlflow/runs/outputs")
    run = run_to_log_to(call, fields)
    run.models_out += [row for row in fields.get("models", []) if row not in run.models_out]
    call.state.mlflow.runs.put(run)
    return {}


def _log_model(call: Call) -> dict[str, Any]:
    fields = call.fields("mlflow/runs/log-model")
    run = run_to_log_to(call, fields)
    run.tags.update(logged_model_tags(run.tags, fields.get("model_json", "")))
    call.state.mlflow.runs.put(run)
    return {}


def _history(call: Call) -> dict[str, Any]:
    """Whole, or in pages where `max_results` asks for it."""
    fields = call.fields("mlflow/metrics/get-history")
    run = run_of(call, fields, CAN_READ)
    if not fields.get("metric_key"):
        refuse_missing("metric_key")
    points = call.state.mlflow.runs.history(run.run_id, fields["metric_key"])
    rows, token = page(points, fields.get("max_results", max(len(points), 1)), fields.get("page_token", ""),
                       largest=max(len(points), _LARGEST_HISTORY))
    return without_empty(metrics=[point.as_json() for point in rows], next_page_token=token)


def _write(call: Call, run: TrackedRun, parameters: list[tuple[str, str]], tags: dict[str, str]) -> None:
    """A parameter stays what it was logged first."""
    merged = dict(run.parameters)
    for key, value in parameters:
        if merged.setdefault(key, value) != value:
            raise parameter_changed(key, merged[key], value)
    run.parameters = merged
    run.tags.update(tags)
    run.run_name = run.tags.get("mlflow.runName", run.run_name)
    if parameters or tags:
        call.state.mlflow.runs.put(run)


def _check_size(fields: dict[str, Any]) -> None:
    sizes = {name: len(fields.get(name, [])) for name in _LIMITS}
    for name, limit in _LIMITS.items():
        if sizes[name] > limit:
            refuse(f"A batch logging request can contain at most {limit} {name}. Got {sizes[name]} {name}. Please "
                   f"split up {name} across multiple requests and try again")
    if sum(sizes.values()) > _MOST:
        refuse(f"A batch logging request can contain at most {_MOST} metrics, params and tags. Got "
               f"{sum(sizes.values())}. Please split them up and try again")
