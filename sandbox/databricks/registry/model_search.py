"""Lists of registered models and of versions: by filter, in an order, page by page."""
from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.errors import refuse
from sandbox.databricks.mlflow.conditions import Condition, Value, all_hold
from sandbox.databricks.mlflow.search_filter import read_filter
from sandbox.databricks.mlflow.search_order import in_order
from sandbox.databricks.mlflow.seeing import sees_objects
from sandbox.databricks.offset_pages import page
from sandbox.databricks.registry.model import ModelVersion, RegisteredModel
from sandbox.databricks.registry.model_access import MODELS
from sandbox.databricks.registry.model_store import ModelStore
from sandbox.databricks.registry.model_view import model_row, version_row
from sandbox.databricks.replies import without_empty

Pair = tuple[RegisteredModel, ModelVersion]
ENTITIES = {**dict.fromkeys(("", "attribute", "attributes", "attr"), "attributes"),
            **dict.fromkeys(("tag", "tags"), "tags")}
_MODEL_KEYS = ("name", "last_updated_timestamp", "creation_timestamp")
_VERSION_KEYS = (*_MODEL_KEYS, "run_id", "source_path", "version_number")
_MODELS, _VERSIONS = 1000, 200_000


def search_models(call: Call) -> dict[str, Any]:
    return _models(call, call.fields("mlflow/registered-models/search"))


def list_models(call: Call) -> dict[str, Any]:
    """The older list, which knows neither filter nor order."""
    return _models(call, call.fields("mlflow/registered-models/list"))


def search_versions(call: Call) -> dict[str, Any]:
    fields = call.fields("mlflow/model-versions/search")
    sees = sees_objects(call, MODELS)
    seen = (pair for pair in found_versions(call.state.registry, fields) if sees(pair[0].model_id))
    rows, token = page(seen, fields.get("max_results", _VERSIONS), fields.get("page_token", ""), largest=_VERSIONS)
    return without_empty(model_versions=[version_row(call, *pair) for pair in rows], next_page_token=token)


def found_versions(store: ModelStore, fields: dict[str, Any]) -> Iterable[Pair]:
    """Those that fit the filter, what changed last first. The versions of one model or run are found by an index."""
    conditions = read_filter(fields.get("filter", ""), ENTITIES)
    _check_keys(conditions, _VERSION_KEYS)
    models = {version.model_id: store.find(version.model_id) for version in _candidates(store, conditions)}
    pairs = [(model, version) for version in _candidates(store, conditions)
             if (model := models[version.model_id]) is not None]
    found = [pair for pair in pairs if all_hold(conditions, partial(_look_at_version, pair))]
    found.sort(key=lambda pair: (-pair[1].updated, pair[0].name, -pair[1].version))
    return in_order(found, fields.get("order_by", []), _look_at_version, ENTITIES)


def _models(call: Call, fields: dict[str, Any]) -> dict[str, Any]:
    conditions = read_filter(fields.get("filter", ""), ENTITIES)
    _check_keys(conditions, _MODEL_KEYS)
    sees = sees_objects(call, MODELS)
    found = (model for model in call.state.registry.by_name() if all_hold(conditions, partial(_look_at_model, model)))
    ordered = in_order(found, fields.get("order_by", []), _look_at_model, ENTITIES)
    seen = (model for model in ordered if sees(model.model_id))
    rows, token = page(seen, fields.get("max_results", 100), fields.get("page_token", ""), largest=_MODELS)
    return without_empty(registered_models=[model_row(call, model) for model in rows], next_page_token=token)


def _candidates(store: ModelStore, conditions: list[Condition]) -> list[ModelVersion]:
    for one in conditions:
        if one.entity == "attributes" and one.operator == "=" and one.key in {"name", "run_id"}:
            if one.key == "run_id":
                return store.versions_of_run(str(one.wanted))
            model = store.named(str(one.wanted))
            return store.versions(model) if model is not None else []
    return store.all_versions()


def _check_keys(conditions: list[Condition], known: tuple[str, ...]) -> None:
    for one in conditions:
        if one.entity == "attributes" and one.key not in known:
            refuse(f"Invalid attribute key '{one.key}' specified. Valid keys are {', '.join(known)}")


def _look_at_model(model: RegisteredModel, entity: str, key: str) -> Value:
    if entity == "tags":
        return model.tags.get(key)
    return _attribute(key, {"name": model.name, "last_updated_timestamp": int(model.updated * 1000),
                            "creation_timestamp": int(model.created * 1000)})


def _look_at_version(pair: Pair, entity: str, key: str) -> Value:
    model, version = pair
    if entity == "tags":
        return version.tags.get(key)
    return _attribute(key, {
        "name": model.name, "run_id": version.run_id, "source_path": version.source, "version_number": version.version,
        "last_updated_timestamp": int(version.updated * 1000), "creation_timestamp": int(version.created * 1000)})


def _attribute(key: str, attributes: dict[str, Value]) -> Value:
    if key not in attributes:
        refuse(f"Invalid attribute key '{key}' specified. Valid keys are {', '.join(attributes)}")
    return attributes[key]
