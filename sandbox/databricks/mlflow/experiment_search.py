"""Lists of experiments: by filter, in an order, page by page."""
from __future__ import annotations

from functools import partial
from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.errors import refuse
from sandbox.databricks.mlflow.conditions import Value, all_hold
from sandbox.databricks.mlflow.experiment import ACTIVE, DELETED, Experiment
from sandbox.databricks.mlflow.search_filter import read_filter
from sandbox.databricks.mlflow.search_order import in_order
from sandbox.databricks.mlflow.seeing import sees_experiments
from sandbox.databricks.offset_pages import page
from sandbox.databricks.replies import without_empty

STAGES = {"ACTIVE_ONLY": {ACTIVE}, "DELETED_ONLY": {DELETED}, "ALL": {ACTIVE, DELETED}}
_ENTITIES = {"": "attributes", "attribute": "attributes", "attributes": "attributes", "attr": "attributes",
             "tag": "tags", "tags": "tags"}
_LARGEST, _USUAL = 50_000, 1000


def search_experiments(call: Call) -> dict[str, Any]:
    return _found(call, call.fields("mlflow/experiments/search"))


def list_experiments(call: Call) -> dict[str, Any]:
    """The older list, which knows neither filter nor order."""
    return _found(call, call.fields("mlflow/experiments/list"))


def _found(call: Call, fields: dict[str, Any]) -> dict[str, Any]:
    conditions = read_filter(fields.get("filter", ""), _ENTITIES)
    stages = STAGES[fields.get("view_type", "ACTIVE_ONLY")]
    found = (one for one in call.state.mlflow.experiments.newest_first()
             if one.lifecycle_stage in stages and all_hold(conditions, partial(_look, one)))
    ordered = in_order(found, fields.get("order_by", []), _look, _ENTITIES)
    seen = filter(sees_experiments(call), ordered)
    rows, token = page(seen, fields.get("max_results", _USUAL), fields.get("page_token", ""), largest=_LARGEST)
    return without_empty(experiments=[row.as_json() for row in rows], next_page_token=token)


def _look(experiment: Experiment, entity: str, key: str) -> Value:
    if entity == "tags":
        return experiment.tags.get(key)
    attributes: dict[str, Value] = {
        "name": experiment.name, "experiment_id": experiment.experiment_id,
        "creation_time": int(experiment.created * 1000), "last_update_time": int(experiment.updated * 1000)}
    if key not in attributes:
        refuse(f"Invalid attribute key '{key}' specified. Valid keys are {', '.join(attributes)}")
    return attributes[key]
