"""Experiments and runs are there again after a restart."""
from __future__ import annotations

from pathlib import Path

from sandbox.clock import FakeClock
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.mlflow.artifacts.test_artifact_routes import address, send, upload
from tests.sandbox.databricks.mlflow.conftest import done, start_run

HOME = "/Users/admin@example.test"


def start(folder: Path, token: str = "") -> Client:
    clock = FakeClock()
    workspace = Workspace("dev", tenant=Tenant(clock=clock), clock=clock, folder=folder, token=token)
    return Client(workspace, workspace.token)


def restart(client: Client, folder: Path) -> Client:
    client.workspace.close()
    return start(folder, client.token)


def test_what_was_logged_is_read_again(tmp_path: Path) -> None:
    client = start(tmp_path)
    experiment = done(client, "experiments/create", name=f"{HOME}/churn")["experiment_id"]
    run = start_run(client, experiment)
    points = [{"key": "rmse", "value": value, "timestamp": 1, "step": step} for step, value in enumerate((1, "NaN", 3))]
    done(client, "runs/log-batch", run_id=run, metrics=points, params=[{"key": "depth", "value": "3"}],
         tags=[{"key": "team", "value": "risk"}])
    reads = [("experiments/get", {"experiment_id": experiment}), ("runs/get", {"run_id": run}),
             ("metrics/get-history", {"run_id": run, "metric_key": "rmse"})]
    before = [client.get(f"2.0/mlflow/{path}", **query).body for path, query in reads]
    client = restart(client, tmp_path)
    assert [client.get(f"2.0/mlflow/{path}", **query).body for path, query in reads] == before


def test_every_change_of_an_experiment_is_read_again(tmp_path: Path) -> None:
    client = start(tmp_path)
    experiment = done(client, "experiments/create", name=f"{HOME}/churn")["experiment_id"]
    for path, fields in (("update", {"new_name": f"{HOME}/new"}), ("set-experiment-tag", {"key": "team", "value": "x"}),
                         ("delete", {}), ("restore", {})):
        done(client, f"experiments/{path}", experiment_id=experiment, **fields)
        before = client.get("2.0/mlflow/experiments/get", experiment_id=experiment).body
        client = restart(client, tmp_path)
        assert client.get("2.0/mlflow/experiments/get", experiment_id=experiment).body == before


def test_logging_goes_on_after_a_restart(tmp_path: Path) -> None:
    client = start(tmp_path)
    run = start_run(client, done(client, "experiments/create", name=f"{HOME}/churn")["experiment_id"])
    for step in range(2):
        done(client, "runs/log-metric", run_id=run, key="rmse", value=step, timestamp=1, step=step)
        client = restart(client, tmp_path)
    rows = client.get("2.0/mlflow/metrics/get-history", run_id=run, metric_key="rmse").body["metrics"]
    assert [row["value"] for row in rows] == [0, 1]


def test_no_id_comes_twice(tmp_path: Path) -> None:
    client = start(tmp_path)
    first = done(client, "experiments/create", name=f"{HOME}/a")["experiment_id"]
    client = restart(client, tmp_path)
    second = done(client, "experiments/create", name=f"{HOME}/b")["experiment_id"]
    assert first != second
    rows = client.get("2.0/mlflow/experiments/search", max_results="5").body["experiments"]
    assert [row["experiment_id"] for row in rows] == [second, first]


def test_addresses_and_artifacts_stay_good(tmp_path: Path) -> None:
    client = start(tmp_path)
    run = start_run(client, done(client, "experiments/create", name=f"{HOME}/churn")["experiment_id"])
    upload(client, run, "a.txt", b"content")
    url = address(client, run, "a.txt", "read")
    assert send(restart(client, tmp_path), "GET", url).body == b"content"
