"""More runs at once than the job allows: skipped, queued, or refused."""
from __future__ import annotations

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.delays import Delays
from sandbox.databricks.permissions.access import JOBS
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import create_job, task
from tests.sandbox.databricks.runs.driving import finish, life, look, start, submit


@pytest.mark.parametrize(("version", "second"), [("2.1", "SKIPPED"), ("2.2", "QUEUED")])
def test_second_run_waits_or_is_skipped_as_the_version_of_its_job_says(
        admin: Client, version: str, second: str) -> None:
    """E8: beyond the concurrency a run is SKIPPED, or QUEUED where the queue is on."""
    job_id = create_job(admin, version)
    start(admin, job_id, version)
    assert life(admin, start(admin, job_id, version)) == second


def test_skipped_run_says_why(admin: Client) -> None:
    """E8: the words of a skipped run."""
    job_id = create_job(admin, queue={"enabled": False})
    start(admin, job_id)
    run = look(admin, start(admin, job_id))
    assert run["state"]["result_state"] == "MAXIMUM_CONCURRENT_RUNS_REACHED"
    assert (run["tasks"][0]["state"], run["end_time"]) == (run["state"], run["start_time"])
    assert run["state"]["state_message"] == (
        "Skipping this run because the limit of 1 maximum concurrent runs has been reached.")
    assert run["status"] == {"state": "TERMINATED", "termination_details": {
        "code": "MAX_CONCURRENT_RUNS_EXCEEDED", "type": "CLIENT_ERROR", "message": run["state"]["state_message"]}}


def test_queued_run_says_why_and_starts_when_the_first_is_over(admin: Client) -> None:
    """E8: a queued run starts when there is room."""
    job_id = create_job(admin)
    first, second = start(admin, job_id), start(admin, job_id)
    assert look(admin, second)["status"]["queue_details"]["code"] == "MAX_CONCURRENT_RUNS_REACHED"
    finish(admin, first)
    assert life(admin, second) == "PENDING"
    assert finish(admin, second)["state"]["result_state"] == "SUCCESS"


def test_queue_keeps_its_order(admin: Client) -> None:
    job_id = create_job(admin)
    first, second, third = [start(admin, job_id) for _ in range(3)]
    finish(admin, first)
    assert [life(admin, run) for run in (third, second)] == ["QUEUED", "PENDING"]


@pytest.mark.parametrize(("job_queues", "run_queues", "life_cycle"), [
    (True, False, "SKIPPED"), (False, True, "QUEUED"),
])
def test_request_decides_about_the_queue(admin: Client, job_queues: bool, run_queues: bool, life_cycle: str) -> None:
    """E8: the request may switch the queue."""
    job_id = create_job(admin, queue={"enabled": job_queues})
    start(admin, job_id)
    assert life(admin, start(admin, job_id, queue={"enabled": run_queues})) == life_cycle


def test_as_many_runs_as_allowed_run_together(admin: Client) -> None:
    job_id = create_job(admin, max_concurrent_runs=2)
    runs = [start(admin, job_id) for _ in range(3)]
    assert [life(admin, run) for run in runs] == ["PENDING", "PENDING", "QUEUED"]


def test_job_without_concurrent_runs_skips_all(admin: Client) -> None:
    assert life(admin, start(admin, create_job(admin, max_concurrent_runs=0))) == "SKIPPED"


def test_runs_of_other_jobs_do_not_count(admin: Client) -> None:
    start(admin, create_job(admin))
    assert life(admin, start(admin, create_job(admin))) == "PENDING"


def test_workspace_full_of_tasks_turns_runs_away(workspace: Workspace, admin: Client) -> None:
    workspace.state.runs.admission.most_tasks_at_once = 2
    first = start(admin, create_job(admin, tasks=[task("a"), task("b"), task("c", "a")]))
    reply = admin.post("2.2/jobs/run-now", job_id=create_job(admin, queue={"enabled": False}))
    assert (reply.status, reply.message) == (429, "There are already 2 active task runs (limit: 2).")
    assert admin.post("2.2/jobs/runs/submit", tasks=[task()]).status == 429
    finish(admin, first)
    assert admin.post("2.2/jobs/runs/submit", tasks=[task()]).status == 200


def test_run_that_is_turned_away_leaves_no_rights(workspace: Workspace, owner: Client) -> None:
    workspace.state.runs.admission.most_tasks_at_once = 0
    assert owner.post("2.2/jobs/runs/submit", tasks=[task()]).status == 429
    me = workspace.state.directory.someone("owner@example.test")
    assert me is not None
    assert workspace.state.access.granted_to(JOBS, [me]) == set()


def test_run_that_ended_unseen_is_in_nobodys_way(workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    workspace.set_delays(Delays(run_start=1, run_task=1, terminate=1, cluster_start=1))
    job_id = create_job(admin, queue={"enabled": False})
    start(admin, job_id)
    clock.advance(60)
    assert life(admin, start(admin, job_id)) == "PENDING"


def test_workspace_full_of_tasks_lets_runs_with_a_queue_wait(workspace: Workspace, admin: Client) -> None:
    workspace.state.runs.admission.most_tasks_at_once = 1
    first, second = start(admin, create_job(admin)), start(admin, create_job(admin))
    assert look(admin, second)["status"]["queue_details"]["code"] == "ACTIVE_RUNS_LIMIT_REACHED"
    finish(admin, first)
    assert finish(admin, second)["state"]["result_state"] == "SUCCESS"


def test_submitted_run_may_wait_in_a_queue(workspace: Workspace, admin: Client) -> None:
    workspace.state.runs.admission.most_tasks_at_once = 1
    first, second = submit(admin), submit(admin, queue={"enabled": True})
    assert life(admin, second) == "QUEUED"
    finish(admin, first)
    assert finish(admin, second)["state"]["result_state"] == "SUCCESS"


def test_continuous_job_is_not_started_twice(admin: Client) -> None:
    job_id = create_job(admin, continuous={})
    start(admin, job_id)
    reply = admin.post("2.2/jobs/run-now", job_id=job_id)
    assert (reply.status, reply.code) == (409, "CONFLICT")


def test_queued_run_can_be_cancelled(admin: Client) -> None:
    job_id = create_job(admin)
    start(admin, job_id)
    queued = start(admin, job_id)
    admin.post("2.2/jobs/runs/cancel", run_id=queued)
    assert finish(admin, queued)["state"]["result_state"] == "CANCELED"
