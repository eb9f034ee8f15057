"""The workspace registry: registered models."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call, Handler, Routes, routes_below
from sandbox.databricks.errors import refuse
from sandbox.databricks.mlflow.names import checked_tags
from sandbox.databricks.registry.errors import model_exists, no_alias, still_in_use
from sandbox.databricks.registry.model import PRODUCTION, STAGING
from sandbox.databricks.registry.model_access import (
    CAN_EDIT,
    CAN_MANAGE,
    CAN_READ,
    MODELS,
    model_of,
    version_of,
)
from sandbox.databricks.registry.model_search import list_models, search_models
from sandbox.databricks.registry.model_view import detailed_model, latest_versions, model_row, version_row
from sandbox.databricks.registry.names import checked_alias, checked_name
from sandbox.databricks.registry.stages import read_stage
from sandbox.databricks.replies import without_empty

_LATEST = "registered-models/get-latest-versions"


def model_routes() -> Routes:
    handlers: dict[str, Handler] = {
        "POST registered-models/create": _create, "GET registered-models/get": _get,
        "GET databricks/registered-models/get": _get_detailed, "GET registered-models/list": list_models,
        "GET registered-models/search": search_models, "POST registered-models/rename": _rename,
        "PATCH registered-models/update": _update, "DELETE registered-models/delete": _delete,
        f"POST {_LATEST}": _latest, f"GET {_LATEST}": _latest,
        "POST registered-models/set-tag": _set_tag, "DELETE registered-models/delete-tag": _delete_tag,
        "POST registered-models/alias": _set_alias, "GET registered-models/alias": _version_of_alias,
        "DELETE registered-models/alias": _delete_alias,
    }
    return routes_below("/api/2.0/mlflow", handlers)


def _create(call: Call) -> dict[str, Any]:
    fields = call.fields("mlflow/registered-models/create")
    name = _free_name(call, fields.get("name", ""))
    tags = checked_tags(fields.get("tags", []))
    model = call.state.registry.add(name, call.caller.name, call.now)
    model.description, model.tags = fields.get("description", ""), tags
    call.state.registry.put(model, call.now)
    call.state.access.add_object(MODELS, model.model_id, call.caller)
    return {"registered_model": model_row(call, model)}


def _get(call: Call) -> dict[str, Any]:
    model = model_of(call, call.fields("mlflow/registered-models/get"), CAN_READ)
    return {"registered_model": model_row(call, model)}


def _get_detailed(call: Call) -> dict[str, Any]:
    model = model_of(call, call.fields("mlflow/databricks/registered-models/get"), CAN_READ)
    return {"registered_model_databricks": detailed_model(call, model)}


def _rename(call: Call) -> dict[str, Any]:
    fields = call.fields("mlflow/registered-models/rename")
    model = model_of(call, fields, CAN_MANAGE)
    model.name = _free_name(call, fields.get("new_name", ""))
    call.state.registry.put(model, call.now)
    return {"registered_model": model_row(call, model)}


def _update(call: Call) -> dict[str, Any]:
    fields = call.fields("mlflow/registered-models/update")
    model = model_of(call, fields, CAN_EDIT)
    model.description = fields.get("description", model.description)
    call.state.registry.put(model, call.now)
    return {"registered_model": model_row(call, model)}


def _delete(call: Call) -> dict[str, Any]:
    """Not while a version of it is in use."""
    model = model_of(call, call.fields("mlflow/registered-models/delete"), CAN_MANAGE)
    for version in call.state.registry.versions(model):
        if version.stage in {STAGING, PRODUCTION}:
            raise still_in_use(model.name, version.version, version.stage)
    for version in call.state.registry.versions(model):
        call.state.registry.activities.forget(version)
    call.state.registry.remove(model)
    call.state.access.remove_object(MODELS, model.model_id)
    call.state.mlflow.artifacts.remove(f"databricks/mlflow-registry/{model.model_id}")
    return {}


def _latest(call: Call) -> dict[str, Any]:
    """Of the stages asked for, or of each that has a version."""
    fields = call.fields(f"mlflow/{_LATEST}")
    model = model_of(call, fields, CAN_READ)
    stages = {read_stage(stage) for stage in fields.get("stages", [])}
    found = [version for version in latest_versions(call, model) if not stages or version.stage in stages]
    return without_empty(model_versions=[version_row(call, model, version) for version in found])


def _set_tag(call: Call) -> dict[str, Any]:
    fields = call.fields("mlflow/registered-models/set-tag")
    model = model_of(call, fields, CAN_EDIT)
    model.tags.update(checked_tags([fields]))
    call.state.registry.put(model, call.now)
    return {}


def _delete_tag(call: Call) -> dict[str, Any]:
    """One that is not there is gone already."""
    fields = call.fields("mlflow/registered-models/delete-tag", "key")
    model = model_of(call, fields, CAN_EDIT)
    model.tags.pop(fields["key"], None)
    call.state.registry.put(model, call.now)
    return {}


def _set_alias(call: Call) -> dict[str, Any]:
    fields = call.fields("mlflow/registered-models/alias", "alias")
    model, version = version_of(call, fields, CAN_EDIT)
    model.aliases[checked_alias(fields["alias"])] = version.version
    call.state.registry.put(model, call.now)
    return {}


def _version_of_alias(call: Call) -> dict[str, Any]:
    fields = call.fields("mlflow/registered-models/alias", "alias")
    model = model_of(call, fields, CAN_READ)
    number = model.aliases.get(fields["alias"])
    version = call.state.registry.version(model, number) if number is not None else None
    if version is None:
        raise no_alias(fields["alias"])
    return {"model_version": version_row(call, model, version)}


def _delete_alias(call: Call) -> dict[str, Any]:
    fields = call.fields("mlflow/registered-models/alias", "alias")
    model = model_of(call, fields, CAN_EDIT)
    model.aliases.pop(fields["alias"], None)
    call.state.registry.put(model, call.now)
    return {}


def _free_name(call: Call, name: str) -> str:
    if name.count(".") == 2:
        refuse(f"Invalid model name: '{name[:100]}'. Names of three parts are those of models in Unity Catalog, which "
               "have routes of their own")
    if call.state.registry.named(checked_name(name)) is not None:
        raise model_exists(name)
    return name
