"""MLflow tracking: what lies in the artifact folders of runs, and addresses to read and write it."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.databricks.call import Call, Routes
from sandbox.databricks.dbfs.paths import read_path
from sandbox.databricks.errors import not_modelled
from sandbox.databricks.mlflow.artifacts.artifact_files import TRACKING, ArtifactFile, join
from sandbox.databricks.mlflow.artifacts.signatures import READ, WRITE
from sandbox.databricks.mlflow.experiments import CAN_READ
from sandbox.databricks.mlflow.run import TrackedRun
from sandbox.databricks.mlflow.run_access import run_of, run_to_log_to
from sandbox.databricks.offset_pages import page
from sandbox.databricks.replies import without_empty

_PAGE, _PATHS = 1000, 2000


def artifact_routes() -> Routes:
    path = "/api/2.0/mlflow/artifacts"
    return [
        ("GET", f"{path}/list", _list),
        ("POST", f"{path}/credentials-for-read", _credentials("credentials-for-read", READ)),
        ("POST", f"{path}/credentials-for-write", _credentials("credentials-for-write", WRITE)),
    ]


def folder_of(run: TrackedRun) -> str:
    """Where the artifacts of a run lie in the storage; an experiment may have them elsewhere."""
    if not run.artifact_uri.startswith(TRACKING):
        what = f"credentials for artifacts in {run.artifact_uri}; use the DBFS API"
        raise not_modelled(what)
    return run.artifact_uri.removeprefix("dbfs:/")


def listing(call: Call, folder: str, path: str, token: str) -> dict[str, Any]:
    """One page of what lies in `path` below `folder`; of a file that file alone."""
    return _files(call.state.mlflow.artifacts.listing(join(folder, path)), path, token)


def _list(call: Call) -> dict[str, Any]:
    """An experiment may have its artifacts anywhere; what lies neither here nor in DBFS is not looked for."""
    fields = call.fields("mlflow/artifacts/list")
    run = run_of(call, fields, CAN_READ)
    root, path, token = {"root_uri": run.artifact_uri}, fields.get("path", ""), fields.get("page_token", "")
    if run.artifact_uri.startswith(TRACKING):
        return {**root, **listing(call, folder_of(run), path, token)}
    if run.artifact_uri.startswith("dbfs:/"):
        return {**root, **_files(_in_dbfs(call, join(run.artifact_uri, path)), path, token)}
    return root


def _in_dbfs(call: Call, uri: str) -> list[ArtifactFile]:
    place = read_path(uri)
    found = call.state.dbfs.children(place) if call.state.dbfs.exists(place) else []
    return [ArtifactFile(info.path.removeprefix(place).strip("/"), info.is_dir, info.size) for info in found]


def _files(found: list[ArtifactFile], path: str, token: str) -> dict[str, Any]:
    rows, following = page(found, _PAGE, token, largest=_PAGE)
    return without_empty(files=[_row(path.strip("/"), row) for row in rows], next_page_token=following)


def _credentials(operation: str, permission: str) -> Callable[[Call], dict[str, Any]]:
    def give(call: Call) -> dict[str, Any]:
        fields = call.fields(f"mlflow/artifacts/{operation}")
        run = run_to_log_to(call, fields) if permission == WRITE else run_of(call, fields, CAN_READ)
        folder = folder_of(run)
        paths, token = page(fields.get("path", []), _PATHS, fields.get("page_token", ""), largest=_PATHS)
        rows = [_credential(call, run, join(folder, path), path=path, permission=permission) for path in paths]
        return without_empty(credential_infos=rows, next_page_token=token)

    return give


def _credential(call: Call, run: TrackedRun, place: str, *, path: str, permission: str) -> dict[str, Any]:
    """As for a storage account without a hierarchical namespace, the usual root of a workspace on Azure."""
    url = call.state.mlflow.signatures.url(call.request, place, permission, call.now)
    return {"run_id": run.run_id, "path": path, "signed_uri": url, "type": "AZURE_SAS_URI"}


def _row(folder: str, row: ArtifactFile) -> dict[str, Any]:
    path = "/".join(filter(None, (folder, row.path)))
    return {"path": path, "is_dir": row.is_directory, **({} if row.is_directory else {"file_size": row.size})}
