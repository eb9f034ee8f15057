"""Changes of models that both of their APIs make."""
from __future__ import annotations

from sandbox.databricks.call import Call
from sandbox.databricks.registry.model import ModelVersion, RegisteredModel
from sandbox.databricks.registry.names import checked_alias
from sandbox.databricks.unity_catalog.errors import model_exists
from sandbox.databricks.unity_catalog.model_access import check_place, full_name_of


def create_model(call: Call, name: str, comment: str, tags: dict[str, str]) -> RegisteredModel:
    full_name = _free_name(call, name)
    model = call.state.unity_catalog.add(full_name, call.caller.name, call.now)
    model.description, model.tags = comment, tags
    call.state.unity_catalog.put(model, call.now)
    return model


def rename_model(call: Call, model: RegisteredModel, name: str) -> None:
    """Whoever calls it keeps the model afterwards."""
    if full_name_of(name) != model.name:
        model.name = _free_name(call, name)


def delete_model(call: Call, model: RegisteredModel) -> None:
    """Its versions, their aliases and their files go with it."""
    call.state.unity_catalog.remove(model)
    call.state.mlflow.artifacts.remove(folder_of_model(model))


def delete_version(call: Call, model: RegisteredModel, version: ModelVersion) -> None:
    call.state.unity_catalog.remove_version(model, version)
    call.state.mlflow.artifacts.remove(version.folder)


def set_alias(call: Call, model: RegisteredModel, alias: str, version: ModelVersion) -> None:
    model.aliases[checked_alias(alias)] = version.version
    call.state.unity_catalog.put(model, call.now)


def delete_alias(call: Call, model: RegisteredModel, alias: str) -> None:
    """One that is not there is gone already."""
    model.aliases.pop(alias, None)
    call.state.unity_catalog.put(model, call.now)


def folder_of_model(model: RegisteredModel) -> str:
    return f"unity-catalog/models/{model.model_id}"


def _free_name(call: Call, name: str) -> str:
    full_name = full_name_of(name)
    check_place(call, full_name)
    if call.state.unity_catalog.named(full_name) is not None:
        raise model_exists(full_name.rpartition(".")[2])
    return full_name
