"""Models in Unity Catalog: the routes of mlflow 2, versions. Only these make new versions."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call, Handler, Routes, routes_below
from sandbox.databricks.mlflow.names import checked_tags
from sandbox.databricks.offset_pages import page
from sandbox.databricks.registry.model import PENDING, ModelVersion, RegisteredModel
from sandbox.databricks.registry.model_search import found_versions
from sandbox.databricks.replies import without_empty
from sandbox.databricks.unity_catalog.errors import files_are_final
from sandbox.databricks.unity_catalog.model_access import EXECUTE, OWN, model_of, privileged, version_of
from sandbox.databricks.unity_catalog.model_changes import delete_version, folder_of_model
from sandbox.databricks.unity_catalog.model_view import mlflow_version, storage_location

_VERSIONS = "mlflow/unity-catalog/model-versions"
_LARGEST, _LIFETIME = 10_000, 3600


def mlflow_version_routes() -> Routes:
    handlers: dict[str, Handler] = {
        "POST create": _create, "POST finalize": _finalize, "GET get": _get, "PATCH update": _update,
        "DELETE delete": _delete, "GET search": _search, "GET get-download-uri": _download_uri,
        "POST generate-temporary-credentials": _credentials, "POST set-tag": _set_tag,
        "DELETE delete-tag": _delete_tag, "POST emit-lineage": _emit_lineage,
    }
    return routes_below(f"/api/2.0/{_VERSIONS}", handlers)


def _create(call: Call) -> dict[str, Any]:
    """It is pending until the client has uploaded the files and says so."""
    fields = call.fields(f"{_VERSIONS}/create", "name", "source")
    tags = checked_tags(fields.get("tags", []))
    model = model_of(call, fields["name"], OWN)
    model.last_version += 1
    version = ModelVersion(
        model.model_id, model.last_version, call.caller.name, call.now, call.now, fields["source"], ready=None,
        folder=f"{folder_of_model(model)}/{model.last_version}", description=fields.get("description", ""),
        run_id=fields.get("run_id", ""), tags=tags, tracking_server=fields.get("run_tracking_server_id", ""))
    call.state.unity_catalog.put_version(version, call.now)
    call.state.unity_catalog.put(model, call.now)
    return _told(call, model, version)


def _finalize(call: Call) -> dict[str, Any]:
    model, version, _ = _version(call, "finalize", OWN)
    store = call.state.unity_catalog
    version.ready = call.now + store.registration_seconds if version.ready is None else version.ready
    version.failure = store.registration_failures.get(model.name, "")
    store.put_version(version, call.now)
    return _told(call, model, version)


def _get(call: Call) -> dict[str, Any]:
    return _told(call, *_version(call, "get", EXECUTE)[:2])


def _update(call: Call) -> dict[str, Any]:
    model, version, fields = _version(call, "update", OWN)
    version.description = fields.get("description", version.description)
    call.state.unity_catalog.put_version(version, call.now)
    return _told(call, model, version)


def _delete(call: Call) -> dict[str, Any]:
    delete_version(call, *_version(call, "delete", OWN)[:2])
    return {}


def _search(call: Call) -> dict[str, Any]:
    fields = call.fields(f"{_VERSIONS}/search")
    sees = privileged(call, EXECUTE)
    seen = (pair for pair in found_versions(call.state.unity_catalog, fields) if sees(pair[0]))
    rows, token = page(seen, fields.get("max_results") or _LARGEST, fields.get("page_token", ""), largest=_LARGEST)
    return {"model_versions": [mlflow_version(call, *pair) for pair in rows],
            **without_empty(next_page_token=token)}


def _download_uri(call: Call) -> dict[str, Any]:
    return {"artifact_uri": storage_location(call, *_version(call, "get-download-uri", EXECUTE)[:2])}


def _credentials(call: Call) -> dict[str, Any]:
    """None of a cloud: clients then ask for a signed address of each file, as on storage the service holds itself."""
    fields = call.fields(f"{_VERSIONS}/generate-temporary-credentials", "operation")
    writes = fields["operation"] == "MODEL_VERSION_OPERATION_READ_WRITE"
    model, version = version_of(call, fields.get("name", ""), fields.get("version", ""), OWN if writes else EXECUTE)
    if writes and version.status(call.now) != PENDING:
        raise files_are_final(model.name, version.version)
    expires = int((call.now + _LIFETIME) * 1000)
    return {"credentials": {"storage_mode": "DEFAULT_STORAGE", "expiration_time": expires}}


def _set_tag(call: Call) -> dict[str, Any]:
    _, version, fields = _version(call, "set-tag", OWN)
    version.tags.update(checked_tags([fields]))
    call.state.unity_catalog.put_version(version, call.now)
    return {}


def _delete_tag(call: Call) -> dict[str, Any]:
    _, version, fields = _version(call, "delete-tag", OWN)
    version.tags.pop(fields.get("key", ""), None)
    call.state.unity_catalog.put_version(version, call.now)
    return {}


def _emit_lineage(call: Call) -> dict[str, Any]:
    """Taken and forgotten: nothing here shows lineage."""
    fields = call.raw_body()
    version_of(call, str(fields.get("name", "")), fields.get("version", ""), EXECUTE)
    return {}


def _version(call: Call, operation: str, needed: str) -> tuple[RegisteredModel, ModelVersion, dict[str, Any]]:
    fields = call.fields(f"{_VERSIONS}/{operation}")
    return *version_of(call, fields.get("name", ""), fields.get("version", ""), needed), fields


def _told(call: Call, model: RegisteredModel, version: ModelVersion) -> dict[str, Any]:
    return {"model_version": mlflow_version(call, model, version)}
