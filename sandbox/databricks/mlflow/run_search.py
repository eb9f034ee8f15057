"""Searching runs by what was logged to them."""
from __future__ import annotations

from functools import partial
from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.errors import refuse
from sandbox.databricks.mlflow.conditions import Condition, Value, all_hold
from sandbox.databricks.mlflow.experiment_search import STAGES
from sandbox.databricks.mlflow.experiments import CAN_READ
from sandbox.databricks.mlflow.run import TrackedRun
from sandbox.databricks.mlflow.run_access import experiment_of
from sandbox.databricks.mlflow.search_filter import read_filter
from sandbox.databricks.mlflow.search_order import in_order
from sandbox.databricks.offset_pages import page
from sandbox.databricks.replies import without_empty

_ENTITIES = {
    **dict.fromkeys(("", "attribute", "attributes", "attr", "run"), "attributes"),
    **dict.fromkeys(("metric", "metrics"), "metrics"), **dict.fromkeys(("tag", "tags"), "tags"),
    **dict.fromkeys(("param", "params", "parameter", "parameters"), "params"),
    **dict.fromkeys(("dataset", "datasets"), "datasets"),
}
_OTHER_NAMES = {"run name": "run_name", "Run name": "run_name", "Run Name": "run_name", "created": "start_time",
                "Created": "start_time", "run_uuid": "run_id"}
_KEYS = {
    "attributes": ("run_id", "run_name", "experiment_id", "user_id", "status", "start_time", "end_time", "artifact_uri",
                   "lifecycle_stage"),
    "datasets": ("name", "digest", "context"),
}
_LARGEST, _USUAL, _MOST_EXPERIMENTS = 50_000, 1000, 1000


def search_runs(call: Call) -> dict[str, Any]:
    """Of experiments the caller may read; one that he may not refuses the whole search."""
    fields = call.fields("mlflow/runs/search")
    experiments = dict.fromkeys(fields.get("experiment_ids", []))
    if len(experiments) > _MOST_EXPERIMENTS:
        refuse(f"experiment_ids has more than {_MOST_EXPERIMENTS} ids")
    for experiment_id in experiments:
        experiment_of(call, experiment_id, CAN_READ)
    conditions = read_filter(fields.get("filter", ""), _ENTITIES)
    for condition in conditions:
        _check_key(condition.entity, condition.key)
    stages = STAGES[fields.get("run_view_type", "ACTIVE_ONLY")]
    found = [run for experiment_id in experiments for run in call.state.mlflow.runs.of(experiment_id)
             if run.lifecycle_stage in stages and (not conditions or _fits(run, conditions))]
    newest_first = sorted(found, key=lambda run: (-run.start_time, run.run_id))
    ordered = in_order(newest_first, fields.get("order_by", []), _look, _ENTITIES)
    rows, token = page(ordered, fields.get("max_results", _USUAL), fields.get("page_token", ""), largest=_LARGEST)
    return without_empty(runs=[run.as_json() for run in rows], next_page_token=token)


def _fits(run: TrackedRun, conditions: list[Condition]) -> bool:
    about_datasets = [one for one in conditions if one.entity == "datasets"]
    others = [one for one in conditions if one.entity != "datasets"]
    return all_hold(others, partial(_look, run)) and all(
        any(one.holds(_of_dataset(row, one.key)) for row in run.datasets) for one in about_datasets)


def _look(run: TrackedRun, entity: str, key: str) -> Value:
    if entity == "metrics":
        return run.metrics[key].value if key in run.metrics else None
    if entity == "params":
        return run.parameters.get(key)
    if entity == "tags":
        return run.tags.get(key)
    if entity == "datasets":
        return _of_dataset(run.datasets[0], key) if run.datasets else None
    _check_key(entity, key)
    attributes: dict[str, Value] = run.info()
    return attributes.get(_OTHER_NAMES.get(key, key))


def _check_key(entity: str, key: str) -> None:
    if entity in _KEYS and _OTHER_NAMES.get(key, key) not in _KEYS[entity]:
        refuse(f"Invalid {entity} key '{key}' specified. Valid keys are {', '.join(_KEYS[entity])}")


def _of_dataset(row: dict[str, Any], key: str) -> Value:
    if key == "context":
        tags = {tag.get("key"): tag.get("value") for tag in row.get("tags", [])}
        return tags.get("mlflow.data.context")
    value: str | None = row.get("dataset", {}).get(key)
    return value
