"""The way of a run from PENDING to its end, as it is read step by step."""
from __future__ import annotations

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.clusters.cluster import TerminationReason
from sandbox.databricks.delays import Delays
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import NEW_CLUSTER, create_job, task
from tests.sandbox.databricks.runs.driving import finish, life, look, results, start, start_new


def test_run_is_seen_in_every_state(admin: Client) -> None:
    """E6: a run takes several polls."""
    run_id = start_new(admin)
    assert [life(admin, run_id) for _ in range(5)] == ["PENDING", "RUNNING", "TERMINATING", "TERMINATED", "TERMINATED"]


def test_old_state_and_new_status_are_both_told(admin: Client) -> None:
    """E6: both `state` and `status` are there."""
    run_id = start_new(admin)
    assert look(admin, run_id)["status"] == {"state": "PENDING"}
    run = finish(admin, run_id)
    assert run["state"] == {"life_cycle_state": "TERMINATED", "result_state": "SUCCESS", "state_message": "",
                            "user_cancelled_or_timedout": False}
    assert run["status"] == {"state": "TERMINATED", "termination_details": {
        "code": "SUCCESS", "type": "SUCCESS", "message": ""}}


def test_result_is_told_only_at_the_end(admin: Client) -> None:
    run_id = start_new(admin)
    assert ["result_state" in look(admin, run_id)["state"] for _ in range(4)] == [False, False, False, True]


def test_task_run_has_an_id_of_its_own_and_is_read_by_it(admin: Client) -> None:
    """E6: task runs have ids of their own."""
    run = finish(admin, start_new(admin))
    row = run["tasks"][0]
    assert row["run_id"] != run["run_id"]
    alone = look(admin, row["run_id"])
    assert (alone["run_id"], alone["job_run_id"], alone["state"]) == (row["run_id"], run["run_id"], row["state"])


def test_run_number_equals_its_id(admin: Client) -> None:
    job_id = create_job(admin)
    body = admin.post("2.2/jobs/run-now", job_id=job_id).body
    run = look(admin, body["run_id"])
    assert body["number_in_job"] == body["run_id"] == run["number_in_job"]
    assert run["run_page_url"].endswith(f"#job/{job_id}/run/{body['run_id']}")


def test_things_take_the_time_they_are_given(workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    workspace.set_delays(Delays(cluster_start=60, run_task=100, terminate=10))
    run_id = start_new(admin)
    life(admin, run_id)
    states = []
    for seconds in (59, 1, 99, 1, 9, 1):
        clock.advance(seconds)
        states.append(life(admin, run_id))
    assert states == ["PENDING", "RUNNING", "RUNNING", "TERMINATING", "TERMINATING", "TERMINATED"]


def test_times_are_those_of_the_events_and_not_of_the_look(
        workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    workspace.set_delays(Delays(cluster_start=60, run_start=1, run_task=100, terminate=10))
    shared = {"new_cluster": None, "job_cluster_key": "k"}
    run_id = start_new(admin, tasks=[task("a", **shared), task("b", "a", **shared)],
                       job_clusters=[{"job_cluster_key": "k", "new_cluster": NEW_CLUSTER}])
    clock.advance(1000)
    run = look(admin, run_id)
    assert run["run_duration"] == 271_000
    assert [(row["setup_duration"], row["execution_duration"]) for row in run["tasks"]] == [
        (60_000, 100_000), (1000, 100_000)]


def test_task_waits_for_the_tasks_it_depends_on(admin: Client) -> None:
    run_id = start_new(admin, tasks=[task("a"), task("b", "a")])
    seen = []
    for _ in range(5):
        seen.append([row["state"]["life_cycle_state"] for row in look(admin, run_id)["tasks"]])
    assert seen == [["PENDING", "BLOCKED"], ["RUNNING", "BLOCKED"], ["TERMINATED", "PENDING"],
                    ["TERMINATED", "RUNNING"], ["TERMINATED", "TERMINATED"]]


def test_failed_task_fails_the_run(workspace: Workspace, admin: Client) -> None:
    """E7: the exception of a task can be injected."""
    workspace.fail_next_task("ValueError: no data", task_key="train")
    run = finish(admin, start_new(admin))
    assert run["state"] == {
        "life_cycle_state": "INTERNAL_ERROR", "result_state": "FAILED", "user_cancelled_or_timedout": False,
        "state_message": "Task train failed with message: Workload failed, see run output for details."}
    assert run["status"]["termination_details"]["code"] == "RUN_EXECUTION_ERROR"
    assert run["tasks"][0]["state"]["life_cycle_state"] == "TERMINATED"
    assert results(run) == {"train": "FAILED"}


def test_cluster_that_does_not_start_fails_the_run(workspace: Workspace, admin: Client) -> None:
    """E7: a cluster that does not start is an INTERNAL_ERROR."""
    reason = TerminationReason("AZURE_QUOTA_EXCEEDED_EXCEPTION", "CLOUD_FAILURE", message="no quota")
    workspace.fail_next_start(reason)
    run = finish(admin, start_new(admin))
    assert (run["state"]["life_cycle_state"], run["state"]["result_state"]) == ("INTERNAL_ERROR", "FAILED")
    details = run["tasks"][0]["status"]["termination_details"]
    assert (details["code"], details["type"]) == ("CLUSTER_ERROR", "CLOUD_FAILURE")
    assert "no quota" in details["message"]


def test_library_that_cannot_be_installed_fails_the_task(workspace: Workspace, admin: Client) -> None:
    workspace.fail_library("our-lib", "no such version")
    run = finish(admin, start_new(admin, tasks=[task(libraries=[{"pypi": {"package": "our-lib==9"}}])]))
    details = run["tasks"][0]["status"]["termination_details"]
    assert (details["code"], details["type"]) == ("LIBRARY_INSTALLATION_ERROR", "CLIENT_ERROR")
    assert "no such version" in details["message"]


@pytest.mark.parametrize("level", ["task", "run"])
def test_timeout_ends_what_takes_too_long(workspace: Workspace, admin: Client, clock: FakeClock, level: str) -> None:
    """E7: a timeout is a TIMEDOUT."""
    workspace.set_delays(Delays(run_task=100))
    limits = {"tasks": [task(timeout_seconds=50)]} if level == "task" else {"timeout_seconds": 50}
    run_id = start_new(admin, **limits)
    assert [life(admin, run_id) for _ in range(2)] == ["PENDING", "RUNNING"]
    clock.advance(49)
    assert life(admin, run_id) == "RUNNING"
    clock.advance(1)
    run = finish(admin, run_id)
    assert (run["state"]["life_cycle_state"], run["state"]["result_state"]) == ("TERMINATED", "TIMEDOUT")
    assert run["state"]["user_cancelled_or_timedout"] is True
    assert run["run_duration"] == 50_000


def test_what_ended_before_its_timeout_did_not_time_out(workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    workspace.set_delays(Delays(run_task=40))
    run_id = start_new(admin, timeout_seconds=50, tasks=[task(timeout_seconds=45)])
    assert [life(admin, run_id) for _ in range(2)] == ["PENDING", "RUNNING"]
    clock.advance(1000)
    assert finish(admin, run_id)["state"]["result_state"] == "SUCCESS"


def test_failed_task_is_tried_again(workspace: Workspace, admin: Client) -> None:
    workspace.fail_next_task("flaky", times=2)
    run = finish(admin, start_new(admin, tasks=[task(max_retries=2)]))
    assert run["state"]["result_state"] == "SUCCESS"
    assert [(row["attempt_number"], row["state"]["result_state"]) for row in run["tasks"]] == [
        (0, "FAILED"), (1, "FAILED"), (2, "SUCCESS")]
    assert {row.get("original_attempt_run_id") for row in run["tasks"][1:]} == {run["tasks"][0]["run_id"]}


def test_retries_come_to_an_end(workspace: Workspace, admin: Client) -> None:
    workspace.fail_next_task("broken", times=9)
    run = finish(admin, start_new(admin, tasks=[task(max_retries=1)]))
    assert (run["state"]["result_state"], len(run["tasks"])) == ("FAILED", 2)


def test_retries_without_end_end_with_success(workspace: Workspace, admin: Client) -> None:
    workspace.fail_next_task("flaky", times=3)
    run = finish(admin, start_new(admin, tasks=[task(max_retries=-1)]))
    assert [row["state"]["result_state"] for row in run["tasks"]] == [*["FAILED"] * 3, "SUCCESS"]


def test_retry_waits_its_interval(workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    workspace.fail_next_task("flaky")
    run_id = start_new(admin, tasks=[task(max_retries=1, min_retry_interval_millis=30_000)])
    for _ in range(3):
        again = look(admin, run_id)["tasks"][-1]
    assert (again["state"]["life_cycle_state"], again["status"]["state"]) == ("WAITING_FOR_RETRY", "WAITING")
    clock.advance(30)
    assert look(admin, run_id)["tasks"][-1]["state"]["life_cycle_state"] == "PENDING"


@pytest.mark.parametrize(("again", "attempts"), [(True, 2), (False, 1)])
def test_timeout_is_retried_only_when_asked(
        workspace: Workspace, admin: Client, clock: FakeClock, again: bool, attempts: int) -> None:
    workspace.set_delays(Delays(run_task=100))
    run_id = start_new(admin, tasks=[task(max_retries=1, timeout_seconds=50, retry_on_timeout=again)])
    for _ in range(4):
        look(admin, run_id)
        clock.advance(50)
    assert len(finish(admin, run_id)["tasks"]) == attempts


def test_flat_run_shows_its_task_at_the_top_and_fails_as_terminated(workspace: Workspace, admin: Client) -> None:
    """E13: a run of a flat job, read by two versions."""
    workspace.fail_next_task("broken")
    flat = {name: value for name, value in task().items() if name != "task_key"}
    job_id = admin.post("2.0/jobs/create", **flat).body["job_id"]
    run = finish(admin, start(admin, job_id, "2.0"), "2.0")
    assert run["task"]["notebook_task"]["notebook_path"] == "/Repos/dev/churn/train"
    assert (run["state"]["life_cycle_state"], run["state"]["result_state"]) == ("TERMINATED", "FAILED")
    assert "tasks" not in run
    assert [row["task_key"] for row in look(admin, run["run_id"], "2.1")["tasks"]] == ["main"]
