"""What Unity Catalog's REST API and MLflow's routes tell of models and versions, each in its own words."""
from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_OID, uuid5

from sandbox.databricks.call import Call
from sandbox.databricks.registry.model import ModelVersion, RegisteredModel
from sandbox.databricks.replies import without_empty


def model_info(call: Call, model: RegisteredModel) -> dict[str, Any]:
    catalog, schema, name = model.name.split(".")
    return {"name": name, "catalog_name": catalog, "schema_name": schema, "full_name": model.name,
            "owner": model.user, "storage_location": _location(call, model), **_facts(call, model, model.user),
            **without_empty(comment=model.description)}


def version_info(call: Call, model: RegisteredModel, version: ModelVersion) -> dict[str, Any]:
    catalog, schema, name = model.name.split(".")
    server = version.tracking_server
    workspace = {"run_workspace_id": int(server)} if server.isdecimal() and len(server) < 20 else {}
    return {"model_name": name, "catalog_name": catalog, "schema_name": schema, "version": version.version,
            "id": str(uuid5(NAMESPACE_OID, version.key)), "source": version.source,
            "status": version.status(call.now), "storage_location": storage_location(call, model, version),
            **_facts(call, version, version.user), **workspace,
            **without_empty(run_id=version.run_id, comment=version.description)}


def alias_infos(model: RegisteredModel, version: int | None = None) -> list[dict[str, Any]]:
    """Of all versions, or of one."""
    return [{"alias_name": alias, "version_num": number} for alias, number in model.aliases.items()
            if version in {None, number}]


def mlflow_version(call: Call, model: RegisteredModel, version: ModelVersion) -> dict[str, Any]:
    aliases = [{"alias": alias, "version": str(number)} for alias, number in model.aliases.items()
               if number == version.version]
    return {**version.as_json(model, call.now), "storage_location": storage_location(call, model, version),
            **without_empty(run_tracking_server_id=version.tracking_server, aliases=aliases)}


def storage_location(call: Call, model: RegisteredModel, version: ModelVersion) -> str:
    return f"{_location(call, model)}/versions/{uuid5(NAMESPACE_OID, version.key)}"


def _location(call: Call, model: RegisteredModel) -> str:
    root = f"abfss://unity-catalog@sandbox.dfs.core.windows.net/{call.state.unity_catalog.metastore_id}"
    return f"{root}/models/{uuid5(NAMESPACE_OID, model.model_id)}"


def _facts(call: Call, record: RegisteredModel | ModelVersion, user: str) -> dict[str, Any]:
    return {"metastore_id": call.state.unity_catalog.metastore_id, "created_by": user, "updated_by": user,
            "created_at": int(record.created * 1000), "updated_at": int(record.updated * 1000)}
