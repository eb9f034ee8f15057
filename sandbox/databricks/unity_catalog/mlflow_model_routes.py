"""Models in Unity Catalog: the routes of mlflow 2, models."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call, Handler, Routes, routes_below
from sandbox.databricks.mlflow.names import checked_tags
from sandbox.databricks.offset_pages import page
from sandbox.databricks.registry.model import RegisteredModel
from sandbox.databricks.replies import without_empty
from sandbox.databricks.unity_catalog.errors import no_alias
from sandbox.databricks.unity_catalog.model_access import EXECUTE, OWN, model_of, privileged, version_of
from sandbox.databricks.unity_catalog.model_changes import (
    create_model,
    delete_alias,
    delete_model,
    rename_model,
    set_alias,
)
from sandbox.databricks.unity_catalog.model_view import mlflow_version

_MODELS = "mlflow/unity-catalog/registered-models"


def mlflow_model_routes() -> Routes:
    handlers: dict[str, Handler] = {
        "POST create": _create, "PATCH update": _update, "DELETE delete": _delete, "GET get": _get,
        "GET search": _search, "POST alias": _set_alias, "GET alias": _version_of_alias, "DELETE alias": _delete_alias,
        "POST set-tag": _set_tag, "DELETE delete-tag": _delete_tag,
    }
    return [*routes_below(f"/api/2.0/{_MODELS}", handlers),
            ("GET", f"/api/2.0/{_MODELS}:is-databricks-sdk-models-artifact-repository-enabled", _files_api)]


def _create(call: Call) -> dict[str, Any]:
    fields = call.fields(f"{_MODELS}/create")
    tags = checked_tags(fields.get("tags", []))
    return _told(create_model(call, fields.get("name", ""), fields.get("description", ""), tags))


def _get(call: Call) -> dict[str, Any]:
    return _told(_model(call, "get", EXECUTE)[0])


def _update(call: Call) -> dict[str, Any]:
    model, fields = _model(call, "update", OWN)
    rename_model(call, model, fields.get("new_name") or model.name)
    model.description = fields.get("description", model.description)
    call.state.unity_catalog.put(model, call.now)
    return _told(model)


def _delete(call: Call) -> dict[str, Any]:
    delete_model(call, _model(call, "delete", OWN)[0])
    return {}


def _search(call: Call) -> dict[str, Any]:
    """All of them: these routes know neither filter nor order."""
    fields = call.fields(f"{_MODELS}/search")
    seen = filter(privileged(call, EXECUTE), call.state.unity_catalog.by_name())
    rows, token = page(seen, fields.get("max_results") or 100,
                       fields.get("page_token", ""), largest=1000)
    return {"registered_models": [model.as_json() for model in rows], **without_empty(next_page_token=token)}


def _set_alias(call: Call) -> dict[str, Any]:
    fields = call.fields(f"{_MODELS}/alias", "name", "alias", "version")
    model, version = version_of(call, fields["name"], fields["version"], OWN)
    set_alias(call, model, fields["alias"], version)
    return {}


def _version_of_alias(call: Call) -> dict[str, Any]:
    model, fields = _model(call, "alias", EXECUTE)
    if fields.get("alias", "") not in model.aliases:
        raise no_alias(model.name, fields.get("alias", ""))
    found = version_of(call, model.name, model.aliases[fields["alias"]], EXECUTE)
    return {"model_version": mlflow_version(call, *found)}


def _delete_alias(call: Call) -> dict[str, Any]:
    model, fields = _model(call, "alias", OWN)
    delete_alias(call, model, fields.get("alias", ""))
    return {}


def _set_tag(call: Call) -> dict[str, Any]:
    model, fields = _model(call, "set-tag", OWN)
    model.tags.update(checked_tags([fields]))
    call.state.unity_catalog.put(model, call.now)
    return {}


def _delete_tag(call: Call) -> dict[str, Any]:
    model, fields = _model(call, "delete-tag", OWN)
    model.tags.pop(fields.get("key", ""), None)
    call.state.unity_catalog.put(model, call.now)
    return {}


def _files_api(_: Call) -> dict[str, Any]:
    """Clients that hear no go on with signed addresses."""
    return {"is_databricks_sdk_models_artifact_repository_enabled": False}


def _model(call: Call, operation: str, needed: str) -> tuple[RegisteredModel, dict[str, Any]]:
    fields = call.fields(f"{_MODELS}/{operation}")
    return model_of(call, fields.get("name", ""), needed), fields


def _told(model: RegisteredModel) -> dict[str, Any]:
    return {"registered_model": model.as_json()}
