"""The files of model versions in Unity Catalog: listed, and read and written at signed addresses.

Of the Files API only what mlflow-skinny uses for models.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.databricks.call import Call, Routes
from sandbox.databricks.errors import ApiError, not_modelled, refuse
from sandbox.databricks.mlflow.artifacts.artifact_files import join
from sandbox.databricks.mlflow.artifacts.signatures import READ, WRITE
from sandbox.databricks.registry.model import PENDING, ModelVersion
from sandbox.databricks.replies import without_empty
from sandbox.databricks.unity_catalog.errors import files_are_final
from sandbox.databricks.unity_catalog.model_access import EXECUTE, OWN, version_of

_MODELS = "Models"


def model_file_routes() -> Routes:
    return [
        ("POST", "/api/2.0/fs/create-upload-url", _signed(WRITE, OWN)),
        ("POST", "/api/2.0/fs/create-download-url", _signed(READ, EXECUTE)),
        ("GET", "/api/2.0/fs/directories/{path...}", _directory),
    ]


def _signed(permission: str, needed: str) -> Callable[[Call], dict[str, Any]]:
    def sign(call: Call) -> dict[str, Any]:
        """The files of a version do not change any more once it is there."""
        version, place = _place(call, call.fields("fs/signed-url").get("path", ""), needed)
        if permission == WRITE and version.status(call.now) != PENDING:
            raise files_are_final(place, version.version)
        return {"url": call.state.mlflow.signatures.url(call.request, place, permission, call.now), "headers": []}

    return sign


def _directory(call: Call) -> dict[str, Any]:
    path = call.request.arguments["path"].strip("/")
    _, place = _place(call, path, EXECUTE)
    if not call.state.mlflow.artifacts.is_directory(place):
        message = f"The directory being accessed is not found: /{path}"
        raise ApiError(404, "NOT_FOUND", message)
    rows = [{"path": f"/{path}/{row.path}", "name": row.path, "is_directory": row.is_directory,
             **({} if row.is_directory else {"file_size": row.size})}
            for row in call.state.mlflow.artifacts.listing(place)]
    return without_empty(contents=rows)


def _place(call: Call, path: str, needed: str) -> tuple[ModelVersion, str]:
    """The version the file belongs to, and where it lies in the storage."""
    names = path.strip("/").split("/")
    if names[0] != _MODELS:
        what = f"files outside of /{_MODELS}"
        raise not_modelled(what)
    if len(names) < 5:
        refuse(f"Invalid path: {path!r}, expected /{_MODELS}/<catalog>/<schema>/<model>/<version>/...")
    _, version = version_of(call, ".".join(names[1:4]), names[4], needed)
    return version, join(version.folder, "/".join(names[5:]))
