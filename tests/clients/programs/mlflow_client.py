"""mlflow-skinny tracks runs with artifacts in the workspace, and keeps models in its registry."""
from __future__ import annotations

import math
import tempfile
import warnings
from pathlib import Path

import mlflow  # type: ignore[import-not-found]
from mlflow import MlflowClient

HOME = "/Users/admin@example.test"
MODEL = """flavors:
  python_function:
    loader_module: churn
run_id: none
utc_time_created: '2026-01-01 00:00:00'
"""


def refusal(function: object, *arguments: object) -> str:
    try:
        function(*arguments)  # type: ignore[operator]
    except mlflow.exceptions.MlflowException as error:
        return str(error.error_code)
    return "none"


def track(experiment_id: str) -> str:
    """The id of a run to which one of everything was logged."""
    with mlflow.start_run(experiment_id=experiment_id, run_name="first", tags={"team": "risk"}) as run:
        mlflow.log_params({"depth": 3, "rate": 0.1})
        for step, value in enumerate((0.9, 0.5)):
            mlflow.log_metric("rmse", value, step=step)
        mlflow.log_metrics({"loss": math.nan})
        mlflow.log_text("hello", "notes/a note.txt")
        mlflow.log_text("", "empty.txt")
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "MLmodel").write_text(MODEL)
            (Path(folder) / "weights.bin").write_bytes(bytes(1000))
            mlflow.log_artifacts(folder, "model")
    return str(run.info.run_id)


def show_run(client: MlflowClient, experiment_id: str, run_id: str) -> None:
    run = client.get_run(run_id)
    print("run", run.info.status, run.info.run_name, run.data.params, run.data.metrics, run.data.tags["team"])
    print("history", [(point.step, point.value) for point in client.get_metric_history(run_id, "rmse")])
    print("artifacts", [(one.path, one.file_size) for one in client.list_artifacts(run_id)])
    print("read", mlflow.artifacts.load_text(f"runs:/{run_id}/notes/a note.txt"))
    for text in ("metrics.rmse < 1 and tags.team = 'risk'", "params.depth = '4'"):
        print("found", [one.info.run_name for one in client.search_runs([experiment_id], text)])
    print("no change of", refusal(client.log_param, run_id, "depth", 4))


def show_registry(client: MlflowClient, run_id: str) -> None:
    made = mlflow.register_model(f"runs:/{run_id}/model", "churn")
    print("registered", made.version, made.status, client.get_model_version("churn", made.version).status)
    client.transition_model_version_stage("churn", made.version, "Production", archive_existing_versions=True)
    print("latest", [(one.version, one.current_stage) for one in client.get_latest_versions("churn", ["Production"])])
    folder = Path(mlflow.artifacts.download_artifacts("models:/churn/Production"))
    print("downloaded", (folder / "weights.bin").stat().st_size)
    client.set_model_version_tag("churn", made.version, "approved", "yes")
    print("searched", [one.tags for one in client.search_model_versions(f"run_id = '{run_id}'")],
          [one.name for one in client.search_registered_models("name ILIKE 'CH%'")])
    print("taken", refusal(client.create_registered_model, "churn"))
    client.rename_registered_model("churn", "leavers")
    client.transition_model_version_stage("leavers", made.version, "Archived")
    client.delete_registered_model("leavers")
    print("deleted", refusal(client.get_registered_model, "leavers"))


if __name__ == "__main__":
    warnings.simplefilter("ignore", FutureWarning)  # stages are on their way out of mlflow, not yet of workspaces
    mlflow.set_tracking_uri("databricks")
    mlflow.set_registry_uri("databricks")
    experiment = mlflow.set_experiment(f"{HOME}/churn")
    print("experiment", experiment.name, experiment.tags["mlflow.ownerEmail"])
    print("relative name", refusal(mlflow.create_experiment, "churn"))
    show_run(MlflowClient(), experiment.experiment_id, tracked := track(experiment.experiment_id))
    show_registry(MlflowClient(), tracked)
    mlflow.delete_run(tracked)
    mlflow.delete_experiment(experiment.experiment_id)
    print("experiment", mlflow.get_experiment(experiment.experiment_id).lifecycle_stage)
