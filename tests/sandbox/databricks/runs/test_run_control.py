"""Runs are cancelled and deleted."""
from __future__ import annotations

from sandbox.clock import FakeClock
from sandbox.databricks.delays import Delays
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import create_job, task
from tests.sandbox.databricks.runs.driving import finish, life, look, results, start, start_new


def test_cancel_is_asynchronous(admin: Client) -> None:
    """E7: after a cancel the run may still be running; then it is CANCELED."""
    run_id = start_new(admin)
    assert [life(admin, run_id) for _ in range(2)] == ["PENDING", "RUNNING"]
    assert admin.post("2.2/jobs/runs/cancel", run_id=run_id).body == {}
    assert life(admin, run_id) == "RUNNING"
    run = finish(admin, run_id)
    assert (run["state"]["life_cycle_state"], run["state"]["result_state"]) == ("TERMINATED", "CANCELED")
    assert run["state"]["user_cancelled_or_timedout"] is True
    assert run["status"]["termination_details"]["code"] == "USER_CANCELED"


def test_cancel_ends_tasks_that_have_not_begun(admin: Client) -> None:
    run_id = start_new(admin, tasks=[task("a"), task("b", "a")])
    look(admin, run_id)
    admin.post("2.2/jobs/runs/cancel", run_id=run_id)
    assert results(finish(admin, run_id)) == {"a": "CANCELED", "b": "CANCELED"}


def test_time_spent_waiting_is_set_up(workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    workspace.set_delays(Delays(cluster_start=60))
    run_id = start_new(admin)
    clock.advance(5)
    admin.post("2.2/jobs/runs/cancel", run_id=run_id)
    row = finish(admin, run_id)["tasks"][0]
    assert (row["setup_duration"], row["execution_duration"]) == (5000, 0)


def test_run_that_is_over_keeps_its_result(admin: Client) -> None:
    """E7: a finished run keeps its result."""
    run_id = start_new(admin)
    finish(admin, run_id)
    assert admin.post("2.2/jobs/runs/cancel", run_id=run_id).status == 200
    assert finish(admin, run_id)["state"]["result_state"] == "SUCCESS"


def test_single_task_run_is_cancelled_alone(admin: Client) -> None:
    run_id = start_new(admin, tasks=[task("a", max_retries=1), task("b", "a"), task("c")])
    task_run = look(admin, run_id)["tasks"][0]["run_id"]
    assert admin.post("2.2/jobs/runs/cancel", run_id=task_run).body == {}
    assert life(admin, task_run) == "RUNNING"
    run = finish(admin, run_id)
    assert results(run) == {"a": "CANCELED", "b": "UPSTREAM_CANCELED", "c": "SUCCESS"}
    assert run["state"]["result_state"] == "CANCELED"


def test_task_run_that_is_over_keeps_its_result(admin: Client) -> None:
    run = finish(admin, start_new(admin))
    assert admin.post("2.2/jobs/runs/cancel", run_id=run["tasks"][0]["run_id"]).status == 200
    assert results(finish(admin, run["run_id"])) == {"train": "SUCCESS"}


def test_loop_is_cancelled_with_its_iterations(workspace: Workspace, admin: Client) -> None:
    workspace.set_delays(Delays(run_task=100))
    loop = {"task_key": "loop", "for_each_task": {"inputs": "[1, 2]", "task": task("each")}}
    run_id = start_new(admin, tasks=[loop])
    task_run = [look(admin, run_id) for _ in range(3)][-1]["tasks"][0]["run_id"]
    admin.post("2.2/jobs/runs/cancel", run_id=task_run)
    finish(admin, run_id)
    iterations = look(admin, task_run)["iterations"]
    assert {row["state"]["result_state"] for row in iterations} == {"CANCELED"}


def test_job_that_a_cancelled_task_started_is_cancelled(workspace: Workspace, admin: Client) -> None:
    workspace.set_delays(Delays(run_task=100))
    other = create_job(admin)
    run_id = start_new(admin, tasks=[{"task_key": "a", "run_job_task": {"job_id": other}}])
    task_run = [look(admin, run_id) for _ in range(2)][-1]["tasks"][0]["run_id"]
    child = admin.get("2.2/jobs/runs/list", job_id=str(other)).body["runs"][0]["run_id"]
    admin.post("2.2/jobs/runs/cancel", run_id=task_run)
    finish(admin, run_id)
    assert finish(admin, child)["state"]["result_state"] == "CANCELED"


def test_cancel_all_ends_active_and_queued_runs_of_one_job(admin: Client) -> None:
    job_id = create_job(admin)
    runs = [start(admin, job_id) for _ in range(3)]
    other = start_new(admin)
    admin.post("2.2/jobs/runs/cancel-all", job_id=job_id)
    assert {finish(admin, run)["state"]["result_state"] for run in runs} == {"CANCELED"}
    assert finish(admin, other)["state"]["result_state"] == "SUCCESS"


def test_cancel_all_of_a_job_may_spare_what_runs(admin: Client) -> None:
    job_id = create_job(admin)
    runs = [start(admin, job_id) for _ in range(2)]
    admin.post("2.2/jobs/runs/cancel-all", job_id=job_id, all_queued_runs=True)
    assert [finish(admin, run)["state"]["result_state"] for run in runs] == ["SUCCESS", "CANCELED"]


def test_what_had_ended_before_the_cancel_keeps_its_result(
        workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    """E7: a finished run keeps its result, though nobody has looked at it since."""
    workspace.set_delays(Delays(run_task=100))
    run_id = start_new(admin)
    assert [life(admin, run_id) for _ in range(2)] == ["PENDING", "RUNNING"]
    clock.advance(100)
    admin.post("2.2/jobs/runs/cancel", run_id=run_id)
    assert finish(admin, run_id)["state"]["result_state"] == "SUCCESS"


def test_cancel_all_needs_a_job(admin: Client) -> None:
    assert "job_id" in admin.post("2.2/jobs/runs/cancel-all").message


def test_all_queued_runs_can_be_cancelled_by_an_admin_alone(admin: Client, owner: Client) -> None:
    job_id = create_job(owner)
    first, queued = start(owner, job_id), start(owner, job_id)
    assert owner.post("2.2/jobs/runs/cancel-all", all_queued_runs=True).status == 403
    assert admin.post("2.2/jobs/runs/cancel-all", all_queued_runs=True).status == 200
    assert [finish(owner, run)["state"]["result_state"] for run in (first, queued)] == ["SUCCESS", "CANCELED"]


def test_deleted_job_stops_its_runs(admin: Client) -> None:
    job_id = create_job(admin)
    run_id = start(admin, job_id)
    admin.post("2.2/jobs/delete", job_id=job_id)
    assert finish(admin, run_id)["state"]["result_state"] == "CANCELED"


def test_only_a_run_that_is_over_is_deleted(admin: Client) -> None:
    run_id = start_new(admin)
    assert admin.post("2.2/jobs/runs/delete", run_id=run_id).code == "INVALID_STATE"
    finish(admin, run_id)
    assert admin.post("2.2/jobs/runs/delete", run_id=run_id).body == {}
    reply = admin.get("2.2/jobs/runs/get", run_id=str(run_id))
    assert (reply.status, reply.message) == (400, f"Run {run_id} does not exist.")


def test_rights_on_a_job_outlive_its_runs(owner: Client) -> None:
    job_id = create_job(owner)
    run_id = start(owner, job_id)
    finish(owner, run_id)
    assert owner.post("2.2/jobs/runs/delete", run_id=run_id).status == 200
    assert owner.get("2.2/jobs/get", job_id=str(job_id)).status == 200
