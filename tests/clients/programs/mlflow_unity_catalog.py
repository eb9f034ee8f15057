"""mlflow-skinny registers a model in Unity Catalog and loads it by its alias.

To read the signature that such a model must have it needs numpy and pandas.
"""
from __future__ import annotations

import tempfile
from pathlib import Path

import mlflow  # type: ignore[import-not-found]
from mlflow import MlflowClient

NAME = "main.default.churn"
MODEL = """flavors:
  python_function:
    loader_module: churn
run_id: none
utc_time_created: '2026-01-01 00:00:00'
signature:
  inputs: '[{"type": "double", "name": "tenure", "required": true}]'
  outputs: '[{"type": "double", "required": true}]'
"""


def refusal(function: object, *arguments: object) -> str:
    try:
        function(*arguments)  # type: ignore[operator]
    except mlflow.exceptions.MlflowException as error:
        return str(error.error_code)
    return "none"


def logged_model() -> str:
    with tempfile.TemporaryDirectory() as folder, mlflow.start_run() as run:
        (Path(folder) / "MLmodel").write_text(MODEL)
        (Path(folder) / "weights.bin").write_bytes(bytes(1000))
        mlflow.log_artifacts(folder, "model")
    return f"runs:/{run.info.run_id}/model"


if __name__ == "__main__":
    mlflow.set_tracking_uri("databricks")
    mlflow.set_registry_uri("databricks-uc")
    mlflow.set_experiment("/Users/admin@example.test/unity")
    client = MlflowClient()
    made = mlflow.register_model(logged_model(), NAME)
    print("registered", made.name, made.version, made.status)
    client.set_registered_model_alias(NAME, "champion", made.version)
    print("alias", client.get_model_version_by_alias(NAME, "champion").version)
    loaded = Path(mlflow.artifacts.download_artifacts(f"models:/{NAME}@champion"))
    print("downloaded", (loaded / "weights.bin").stat().st_size)
    print("two parts", refusal(client.create_registered_model, "default.churn"))
    client.delete_registered_model_alias(NAME, "champion")
    print("no alias", refusal(client.get_model_version_by_alias, NAME, "champion"))
    client.delete_model_version(NAME, made.version)
    client.delete_registered_model(NAME)
    print("deleted", refusal(client.get_registered_model, NAME))
