"""Runs of experiments: started, ended, deleted and restored."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.clock import FakeClock
from sandbox.http.message import Headers, Request
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.mlflow.conftest import done, mlflow, read_run, start_run


def test_a_run_starts(owner: Client, experiment: str) -> None:
    made = done(owner, "runs/create", experiment_id=experiment, start_time=5, run_name="first",
                tags=[{"key": "team", "value": "risk"}])["run"]
    info = made["info"]
    run_id = info.pop("run_id")
    assert info == {
        "run_uuid": run_id, "run_name": "first", "experiment_id": experiment, "user_id": "owner@example.test",
        "status": "RUNNING", "start_time": 5, "lifecycle_stage": "active",
        "artifact_uri": f"dbfs:/databricks/mlflow-tracking/{experiment}/{run_id}/artifacts"}
    assert {tag["key"]: tag["value"] for tag in made["data"]["tags"]} == {
        "mlflow.user": "owner@example.test", "mlflow.runName": "first", "team": "risk"}


def test_a_run_without_a_name_gets_one(owner: Client, run: str) -> None:
    info = read_run(owner, run)["info"]
    assert info["run_name"].count("-") == 2
    assert info["start_time"] == 1_700_000_000_000


def test_a_run_ends(owner: Client, run: str) -> None:
    reply = done(owner, "runs/update", run_id=run, status="FINISHED", end_time=9, run_name="renamed")
    info = read_run(owner, run)["info"]
    assert (info["status"], info["end_time"], info["run_name"]) == ("FINISHED", 9, "renamed")
    assert reply == {"run_info": info}


def test_the_older_name_of_the_id_will_do(owner: Client, run: str) -> None:
    done(owner, "runs/update", run_uuid=run, status="FAILED")
    assert owner.get("2.0/mlflow/runs/get", run_uuid=run).body["run"]["info"]["status"] == "FAILED"


def test_the_reply_names_the_workspace(owner: Client, run: str) -> None:
    """mlflow links a model's version to its run with what stands in this header."""
    headers = Headers([("Authorization", f"Bearer {owner.token}")])
    request = Request("GET", "/api/2.0/mlflow/runs/get", query={"run_id": [run]}, headers=headers)
    reply = owner.workspace.application(request)
    assert reply.headers["X-Databricks-Org-Id"] == owner.workspace.state.org_id


def test_a_missing_run_is_404(owner: Client) -> None:
    reply = owner.get("2.0/mlflow/runs/get", run_id="no")
    assert (reply.status, reply.code, reply.message) == (404, "RESOURCE_DOES_NOT_EXIST", "Run 'no' not found.")


def test_a_run_needs_an_experiment_that_is_there(owner: Client) -> None:
    """G4: dbx reads `does not exist.` with this code as missing."""
    reply = mlflow(owner, "runs/create", experiment_id="17")
    assert (reply.status, reply.code, reply.message) == (
        400, "INVALID_PARAMETER_VALUE", "Experiment with id '17' does not exist.")
    assert mlflow(owner, "runs/create").message == "Missing required field: experiment_id"


def test_a_deleted_run_takes_nothing_until_it_is_restored(owner: Client, run: str) -> None:
    done(owner, "runs/delete", run_id=run)
    assert read_run(owner, run)["info"]["lifecycle_stage"] == "deleted"
    reply = mlflow(owner, "runs/log-parameter", run_id=run, key="depth", value="3")
    assert (reply.status, reply.message) == (
        400, f"The run {run} must be in the 'active' state. Current state is deleted.")
    done(owner, "runs/restore", run_id=run)
    assert mlflow(owner, "runs/log-parameter", run_id=run, key="depth", value="3").status == 200


def test_runs_of_a_time_are_deleted_and_restored_together(owner: Client, experiment: str, clock: FakeClock) -> None:
    for moment in (1, 2, 3):
        start_run(owner, experiment, start_time=moment)
    bulk: dict[str, Any] = {"experiment_id": experiment}
    assert done(owner, "databricks/runs/delete-runs", **bulk, max_timestamp_millis=2) == {"runs_deleted": 2}
    later = int(clock.now() * 1000) + 1
    assert done(owner, "databricks/runs/restore-runs", **bulk, min_timestamp_millis=later) == {"runs_restored": 0}
    restored = done(owner, "databricks/runs/restore-runs", **bulk, min_timestamp_millis=0, max_runs=1)
    assert restored == {"runs_restored": 1}
    assert len(done(owner, "runs/search", experiment_ids=[experiment])["runs"]) == 2


@pytest.mark.parametrize(("operation", "body"), [
    ("runs/get", {}), ("runs/delete", {}), ("databricks/runs/delete-runs", {"experiment_id": "1"}),
])
def test_what_must_be_said_is_asked_for(owner: Client, operation: str, body: dict[str, str]) -> None:
    reply = owner.get(f"2.0/mlflow/{operation}") if operation == "runs/get" else mlflow(owner, operation, **body)
    assert reply.message.startswith("Missing required field: ")
