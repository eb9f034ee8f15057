"""The workspace registry: versions of registered models."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call, Handler, Routes, routes_below
from sandbox.databricks.mlflow.artifacts.artifact_files import join
from sandbox.databricks.mlflow.artifacts.artifact_routes import listing
from sandbox.databricks.mlflow.artifacts.signatures import READ
from sandbox.databricks.mlflow.names import checked_tags
from sandbox.databricks.registry.errors import no_version, still_in_use
from sandbox.databricks.registry.model import PENDING, PRODUCTION, STAGING, ModelVersion
from sandbox.databricks.registry.model_access import CAN_EDIT, CAN_MANAGE, CAN_READ, model_of, version_of
from sandbox.databricks.registry.model_search import search_versions
from sandbox.databricks.registry.model_view import version_row
from sandbox.databricks.registry.sources import source_folder

_VERSIONS = "mlflow/model-versions"


def version_routes() -> Routes:
    handlers: dict[str, Handler] = {
        "POST create": _create, "GET get": _get, "PATCH update": _update, "DELETE delete": _delete,
        "GET search": search_versions, "GET get-download-uri": _download_uri, "POST set-tag": _set_tag,
        "DELETE delete-tag": _delete_tag, "GET list-artifacts": _list_artifacts,
        "GET get-signed-download-uri": _signed_download_uri,
    }
    return routes_below(f"/api/2.0/{_VERSIONS}", handlers)


def _create(call: Call) -> dict[str, Any]:
    """It is on its way when it is told first, and can be used later. The registry keeps a copy of the files."""
    fields = call.fields(f"{_VERSIONS}/create", "name", "source")
    model = model_of(call, fields, CAN_EDIT)
    store, tags = call.state.registry, checked_tags(fields.get("tags", []))
    origin = source_folder(call, fields["source"])
    version = ModelVersion(
        model.model_id, model.last_version + 1, call.caller.name, call.now, call.now, fields["source"],
        call.now + store.registration_seconds, description=fields.get("description", ""),
        run_id=fields.get("run_id", ""), run_link=fields.get("run_link", ""), tags=tags,
        failure=store.registration_failures.get(model.name, ""))
    if origin:
        version.folder = f"databricks/mlflow-registry/{model.model_id}/{version.version}/models"
        call.state.mlflow.artifacts.copy(origin, version.folder)
    model.last_version = version.version
    store.put_version(version, call.now)
    store.put(model, call.now)
    return {"model_version": version_row(call, model, version, PENDING)}


def _get(call: Call) -> dict[str, Any]:
    model, version = version_of(call, call.fields(f"{_VERSIONS}/get"), CAN_READ)
    return {"model_version": version_row(call, model, version)}


def _update(call: Call) -> dict[str, Any]:
    fields = call.fields(f"{_VERSIONS}/update")
    model, version = version_of(call, fields, CAN_EDIT)
    version.description = fields.get("description", version.description)
    call.state.registry.put_version(version, call.now)
    return {"model_version": version_row(call, model, version)}


def _delete(call: Call) -> dict[str, Any]:
    """Not while it is in use."""
    model, version = version_of(call, call.fields(f"{_VERSIONS}/delete"), CAN_MANAGE)
    if version.stage in {STAGING, PRODUCTION}:
        raise still_in_use(model.name, version.version, version.stage)
    call.state.registry.activities.forget(version)
    call.state.registry.remove_version(model, version)
    if version.folder:
        call.state.mlflow.artifacts.remove(version.folder)
    return {}


def _download_uri(call: Call) -> dict[str, Any]:
    _, version = version_of(call, call.fields(f"{_VERSIONS}/get-download-uri"), CAN_READ)
    return {"artifact_uri": f"dbfs:/{version.folder}" if version.folder else version.source}


def _set_tag(call: Call) -> dict[str, Any]:
    fields = call.fields(f"{_VERSIONS}/set-tag")
    _, version = version_of(call, fields, CAN_EDIT)
    version.tags.update(checked_tags([fields]))
    call.state.registry.put_version(version, call.now)
    return {}


def _delete_tag(call: Call) -> dict[str, Any]:
    fields = call.fields(f"{_VERSIONS}/delete-tag", "key")
    _, version = version_of(call, fields, CAN_EDIT)
    version.tags.pop(fields["key"], None)
    call.state.registry.put_version(version, call.now)
    return {}


def _list_artifacts(call: Call) -> dict[str, Any]:
    fields = call.fields(f"{_VERSIONS}/list-artifacts")
    _, version = version_of(call, fields, CAN_READ)
    return listing(call, _files(version), fields.get("path", ""), fields.get("page_token", ""))


def _signed_download_uri(call: Call) -> dict[str, Any]:
    fields = call.fields(f"{_VERSIONS}/get-signed-download-uri")
    _, version = version_of(call, fields, CAN_READ)
    place = join(_files(version), fields.get("path", ""))
    return {"signed_uri": call.state.mlflow.signatures.url(call.request, place, READ, call.now)}


def _files(version: ModelVersion) -> str:
    if not version.folder:
        raise no_version(version.source, str(version.version))
    return version.folder
