"""Runs go on when the workspace is started again in the same folder, and none is started twice."""
from __future__ import annotations

import threading
from pathlib import Path

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.delays import Delays
from sandbox.databricks.notebooks.task import NotebookResult, NotebookTask
from tests.sandbox.databricks.jobs.bodies import create_job, task
from tests.sandbox.databricks.jobs.lives import Lives
from tests.sandbox.databricks.runs.driving import finish, life, look, output, results, start, start_new

HOUR = 3600.0
SERVERLESS = task(new_cluster=None)


@pytest.fixture
def lives(tmp_path: Path, clock: FakeClock) -> Lives:
    return Lives(tmp_path / "dev", clock)


class Endless:
    """A notebook that is still running when the sandbox is killed."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.ended = threading.Event()

    def run(self, task: NotebookTask, stop: threading.Event) -> NotebookResult:  # noqa: ARG002 - of the protocol
        self.begun.set()
        self.ended.wait(60)
        return NotebookResult(succeeded=True, exit_value="of the life before")


class Prompt:
    def run(self, task: NotebookTask, stop: threading.Event) -> NotebookResult:  # noqa: ARG002 - of the protocol
        return NotebookResult(succeeded=True, exit_value="42")


def test_run_that_is_over_is_told_as_before(lives: Lives) -> None:
    lives.workspace.fail_next_task("broken", task_key="a")
    run_id = start_new(lives.client, tasks=[task("a", max_retries=1), task("b", "a")], tags={"team": "x"})
    run = finish(lives.client, run_id)
    listed = lives.client.get("2.2/jobs/runs/list", expand_tasks="true").body
    task_runs = [look(lives.client, row["run_id"]) for row in run["tasks"]]
    again = lives.start()
    assert look(again, run_id) == run
    assert again.get("2.2/jobs/runs/list", expand_tasks="true").body == listed
    assert [look(again, row["run_id"]) for row in run["tasks"]] == task_runs


@pytest.mark.parametrize("looks", range(5))
def test_run_goes_on_from_where_it_was(lives: Lives, looks: int) -> None:
    run_id = start_new(lives.client, tasks=[task("a"), task("b", "a")])
    seen = [life(lives.client, run_id) for _ in range(looks)]
    lives.start()
    seen += [life(lives.client, run_id) for _ in range(7 - looks)]
    assert seen == ["PENDING", "RUNNING", "RUNNING", "RUNNING", "TERMINATING", "TERMINATED", "TERMINATED"]
    assert results(look(lives.client, run_id)) == {"a": "SUCCESS", "b": "SUCCESS"}


def test_what_takes_time_is_over_at_the_same_time(lives: Lives, clock: FakeClock) -> None:
    lives.workspace.set_delays(Delays(run_start=10, run_task=100, terminate=5))
    run_id = start_new(lives.client, tasks=[SERVERLESS])
    clock.advance(50)
    assert life(lives.client, run_id) == "RUNNING"
    lives.start()
    lives.workspace.set_delays(Delays(run_start=10, run_task=100, terminate=5))
    clock.advance(1000)
    assert look(lives.client, run_id)["run_duration"] == 115_000


def test_queued_runs_keep_their_order(lives: Lives) -> None:
    job_id = create_job(lives.client, tasks=[SERVERLESS])
    first, second, third = (start(lives.client, job_id) for _ in range(3))
    again = lives.start()
    assert [life(again, run) for run in (second, third)] == ["QUEUED", "QUEUED"]
    finish(again, first)
    assert [life(again, run) for run in (third, second)] == ["QUEUED", "PENDING"]


@pytest.mark.parametrize("what", ["run", "task"])
def test_cancel_is_not_forgotten(lives: Lives, what: str) -> None:
    run_id = start_new(lives.client, tasks=[SERVERLESS])
    run = look(lives.client, run_id)
    lives.client.post("2.2/jobs/runs/cancel", run_id=run_id if what == "run" else run["tasks"][0]["run_id"])
    assert finish(lives.start(), run_id)["state"]["result_state"] == "CANCELED"


def test_new_timeout_is_not_forgotten(lives: Lives, clock: FakeClock) -> None:
    lives.workspace.set_delays(Delays(run_start=1, run_task=100))
    run_id = start_new(lives.client, tasks=[SERVERLESS])
    job_id = look(lives.client, run_id)["job_id"]
    lives.client.post("2.2/jobs/update", job_id=job_id, new_settings={"timeout_seconds": 50})
    lives.start()
    clock.advance(200)
    assert finish(lives.client, run_id)["state"]["result_state"] == "TIMEDOUT"


def test_repairs_and_their_ids_last(lives: Lives) -> None:
    run_id = start_new(lives.client, tasks=[SERVERLESS])
    finish(lives.client, run_id)
    repair = lives.client.post("2.2/jobs/runs/repair", run_id=run_id, rerun_tasks=["train"]).body["repair_id"]
    finish(lives.client, run_id)
    question = ("2.2/jobs/runs/get", {"run_id": str(run_id), "include_history": "true"})
    before = lives.client.get(question[0], **question[1]).body["repair_history"]
    again = lives.start()
    assert again.get(question[0], **question[1]).body["repair_history"] == before
    assert [row.get("id") for row in before] == [None, repair]
    reply = again.post("2.2/jobs/runs/repair", run_id=run_id, rerun_tasks=["train"], latest_repair_id=repair)
    assert reply.status == 200


@pytest.mark.parametrize("deleted", [False, True])
def test_token_starts_nothing_new_after_a_restart(lives: Lives, deleted: bool) -> None:
    job_id = create_job(lives.client, tasks=[SERVERLESS])
    run_id = start(lives.client, job_id, idempotency_token="t")
    finish(lives.client, run_id)
    if deleted:
        lives.client.post("2.2/jobs/runs/delete", run_id=run_id)
    reply = lives.start().post("2.2/jobs/run-now", job_id=job_id, idempotency_token="t")
    assert reply.body.get("run_id") == (None if deleted else run_id)
    assert (reply.status, len(lives.workspace.state.runs.store.ids())) == (400 if deleted else 200, 0 if deleted else 1)


def test_task_whose_process_went_down_has_lost_its_driver(lives: Lives) -> None:
    lives.runner = runner = Endless()
    lives.start()
    run_id = start_new(lives.client, tasks=[SERVERLESS, task("after", "train", new_cluster=None)])
    while not runner.begun.is_set():
        life(lives.client, run_id)
    lives.runner = None
    run = finish(lives.start(), run_id)
    runner.ended.set()
    row = run["tasks"][0]
    assert (row["state"]["life_cycle_state"], row["state"]["result_state"]) == ("INTERNAL_ERROR", "FAILED")
    assert row["status"]["termination_details"]["code"] == "DRIVER_ERROR"
    assert "driver has stopped unexpectedly" in row["state"]["state_message"]
    assert results(run) == {"train": "FAILED", "after": "UPSTREAM_FAILED"}


def test_task_that_lost_its_driver_is_tried_again(lives: Lives) -> None:
    lives.runner = runner = Endless()
    lives.start()
    run_id = start_new(lives.client, tasks=[{**SERVERLESS, "max_retries": 1}])
    while not runner.begun.is_set():
        life(lives.client, run_id)
    lives.runner = None
    run = finish(lives.start(), run_id)
    runner.ended.set()
    assert [row["state"]["result_state"] for row in run["tasks"]] == ["FAILED", "SUCCESS"]


def test_output_of_a_notebook_lasts(lives: Lives) -> None:
    lives.runner = Prompt()
    lives.start()
    run_id = start_new(lives.client, tasks=[SERVERLESS])
    for _ in range(4000):
        if look(lives.client, run_id)["state"]["life_cycle_state"] == "TERMINATED":
            break
        threading.Event().wait(0.005)
    task_run = look(lives.client, run_id)["tasks"][0]["run_id"]
    assert output(lives.start(), task_run)["notebook_output"] == {"result": "42", "truncated": False}


def test_loops_conditions_and_other_jobs_go_on(lives: Lives) -> None:
    other = create_job(lives.client, tasks=[SERVERLESS])
    loop = {"task_key": "loop", "for_each_task": {"inputs": "[1, 2, 3]", "task": task("each", new_cluster=None)}}
    check = {"task_key": "check", "condition_task": {"op": "EQUAL_TO", "left": "1", "right": "2"}}
    yes = task("yes", new_cluster=None, depends_on=[{"task_key": "check", "outcome": "true"}])
    run_id = start_new(lives.client, tasks=[loop, check, yes, {"task_key": "other", "run_job_task": {"job_id": other}}])
    for _ in range(3):
        look(lives.client, run_id)
    run = finish(lives.start(), run_id)
    assert results(run) == {"loop": "SUCCESS", "check": "SUCCESS", "yes": "EXCLUDED", "other": "SUCCESS"}
    assert len(look(lives.client, run["tasks"][0]["run_id"])["iterations"]) == 3
    assert len(lives.workspace.state.runs.store.ids(other)) == 1


def test_schedule_goes_on_and_starts_nothing_twice(lives: Lives, clock: FakeClock) -> None:
    schedule = {"quartz_cron_expression": "0 0 6 * * ?", "timezone_id": "UTC"}
    job_id = create_job(lives.client, tasks=[SERVERLESS], schedule=schedule)
    clock.advance(24 * HOUR)
    assert lives.workspace.scheduler.tick() == [job_id]
    lives.start()
    assert lives.workspace.scheduler.tick() == []
    clock.advance(24 * HOUR)
    assert lives.workspace.scheduler.tick() == [job_id]


def test_time_that_passed_while_the_sandbox_was_down_counts_once(lives: Lives, clock: FakeClock) -> None:
    schedule = {"quartz_cron_expression": "0 0 6 * * ?", "timezone_id": "UTC"}
    job_id = create_job(lives.client, tasks=[SERVERLESS], schedule=schedule)
    clock.advance(72 * HOUR)
    lives.start()
    assert [lives.workspace.scheduler.tick() for _ in range(2)] == [[job_id], []]
