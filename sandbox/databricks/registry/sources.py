"""Where the files of a new model version come from."""
from __future__ import annotations

from sandbox.databricks.call import Call
from sandbox.databricks.mlflow.artifacts.artifact_files import TRACKING
from sandbox.databricks.mlflow.experiments import CAN_READ
from sandbox.databricks.mlflow.run_access import run_of
from sandbox.databricks.registry.model_access import CAN_READ as CAN_READ_MODEL
from sandbox.databricks.registry.model_access import version_of

_MODELS = "models:/"


def source_folder(call: Call, source: str) -> str:
    """The folder of the storage that `source` names, empty where it lies elsewhere; the caller must be able to read."""
    folder = ""
    if source.startswith(TRACKING):
        _, run_id, *_ = [*source.removeprefix(TRACKING).split("/"), ""]
        run_of(call, {"run_id": run_id}, CAN_READ)
        folder = source.removeprefix("dbfs:/")
    elif source.startswith(_MODELS):
        name, _, version = source.removeprefix(_MODELS).partition("/")
        folder = version_of(call, {"name": name, "version": version}, CAN_READ_MODEL)[1].folder
    return folder if folder and call.state.mlflow.artifacts.is_directory(folder) else ""
