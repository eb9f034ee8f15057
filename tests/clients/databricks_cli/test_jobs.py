"""Jobs and their runs through the legacy databricks-cli, which speaks 2.0 unless it is told otherwise."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.workspace import Workspace
from tests.clients.conftest import QUICK
from tests.clients.databricks_cli.conftest import Cli

CLUSTER = {"spark_version": "15.4.x-scala2.12", "node_type_id": "Standard_DS3_v2", "num_workers": 1}
FLAT: dict[str, Any] = {"name": "flat", "new_cluster": CLUSTER, "notebook_task": {"notebook_path": "/Shared/train"}}
TASKS: dict[str, Any] = {"name": "tasks", "tasks": [
    {"task_key": "train", "new_cluster": CLUSTER, "notebook_task": {"notebook_path": "/Shared/train"}}]}
NEW = "--version=2.1"


def ended(cli: Cli, run_id: int) -> dict[str, Any]:
    """The run, read until it has ended."""
    for _ in range(10):
        run: dict[str, Any] = cli.read("runs", "get", "--run-id", run_id, NEW)
        if run["state"]["life_cycle_state"] == "TERMINATED":
            return run
    message = f"run {run_id} does not end: {run}"
    raise AssertionError(message)


def test_a_flat_job_is_made_changed_and_removed(cli: Cli) -> None:
    """E13, H: jobs create in 2.0."""
    job_id = cli.read("jobs", "create", "--json", FLAT)["job_id"]
    assert job_id > 2**53
    assert cli("jobs", "list").split() == [str(job_id), "flat"]
    assert cli.read("jobs", "get", "--job-id", job_id)["settings"]["notebook_task"]["notebook_path"] == "/Shared/train"
    cli("jobs", "reset", "--job-id", job_id, "--json", {**FLAT, "name": "other", "max_retries": 2})
    assert cli.read("jobs", "get", "--job-id", job_id)["settings"]["max_retries"] == 2
    cli("jobs", "delete", "--job-id", job_id)
    assert "does not exist" in cli.refused("jobs", "get", "--job-id", job_id)


def test_a_job_of_tasks_is_made_in_the_newer_version(cli: Cli) -> None:
    """H: jobs create in 2.1."""
    job_id = cli.read("jobs", "create", "--json", TASKS, NEW)["job_id"]
    assert cli.read("jobs", "get", "--job-id", job_id, NEW)["settings"]["tasks"][0]["task_key"] == "train"
    assert cli("jobs", "list", NEW).split() == [str(job_id), "tasks"]
    assert cli.read("jobs", "list", NEW, "--output", "json", "--all")["jobs"][0]["settings"]["name"] == "tasks"


def test_a_job_runs_and_its_runs_are_listed(cli: Cli) -> None:
    """H: jobs run-now; E9: the same token gives the same run."""
    job_id = cli.read("jobs", "create", "--json", TASKS, NEW)["job_id"]
    words = ("jobs", "run-now", "--job-id", job_id, "--notebook-params", {"who": "anna"}, "--idempotency-token", "t")
    run_id = cli.read(*words)["run_id"]
    assert cli.read(*words)["run_id"] == run_id
    run = ended(cli, run_id)
    assert run["state"]["result_state"] == "SUCCESS"
    assert str(run_id) in cli("runs", "list", "--job-id", job_id, NEW)
    task_run = run["tasks"][0]["run_id"]
    assert cli.read("runs", "get-output", "--run-id", task_run, NEW)["metadata"]["run_id"] == task_run


def test_a_submitted_run_is_waited_for(cli: Cli, workspace: Workspace) -> None:
    """H: runs submit, in 2.0 with its flat task; a failure is one for the caller, too."""
    workspace.set_delays(QUICK)
    once = {key: FLAT[key] for key in ("new_cluster", "notebook_task")}
    assert "run_id" in cli("runs", "submit", "--wait", "--json", {**once, "run_name": "once"})
    workspace.fail_next_task("out of luck")
    refused = cli.refused("runs", "submit", "--wait", "--json", {**once, "run_name": "unlucky"})
    assert "Run failed with state FAILED" in refused


def test_a_run_is_cancelled(cli: Cli) -> None:
    """E7: the next reads still show it on its way."""
    job_id = cli.read("jobs", "create", "--json", TASKS, NEW)["job_id"]
    run_id = cli.read("jobs", "run-now", "--job-id", job_id)["run_id"]
    cli("runs", "cancel", "--run-id", run_id)
    assert ended(cli, run_id)["state"]["result_state"] == "CANCELED"
