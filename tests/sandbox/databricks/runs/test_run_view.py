"""Runs and task runs as they are told, whole: a field more or less is a difference."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.delays import Delays
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import NEW_CLUSTER, create_job, task
from tests.sandbox.databricks.runs.driving import finish, look, start, start_new, submit

SECOND = 1000
MADE = {**NEW_CLUSTER, "data_security_mode": "SINGLE_USER"}
NOTEBOOK = {"notebook_path": "/Repos/dev/churn/train", "source": "WORKSPACE"}
DONE: dict[str, Any] = {
    "state": {"life_cycle_state": "TERMINATED", "result_state": "SUCCESS", "state_message": "",
              "user_cancelled_or_timedout": False},
    "status": {"state": "TERMINATED", "termination_details": {"code": "SUCCESS", "type": "SUCCESS", "message": ""}}}


@pytest.fixture
def began(workspace: Workspace, clock: FakeClock) -> int:
    """Now, in milliseconds; from now on starting takes 60 seconds, working 100, ending 5."""
    workspace.set_delays(Delays(cluster_start=60, run_start=1, run_task=100, terminate=5))
    return int(clock.now()) * SECOND


def head(workspace: Workspace, run: dict[str, Any], run_id: int, began: int) -> dict[str, Any]:
    """What runs and task runs begin with."""
    url = f"http://localhost/?o={workspace.state.org_id}#job/{run['job_id']}/run/{run_id}"
    return {"job_id": run["job_id"], "run_id": run_id, "number_in_job": run_id, "original_attempt_run_id": run_id,
            "creator_user_name": "admin@example.test", "run_page_url": url, "start_time": began,
            "cleanup_duration": 0, "trigger": "ONE_TIME", **DONE}


def cluster(run: dict[str, Any], **place: Any) -> dict[str, Any]:
    """That of the only task, which is told in the run, or in its task where `place` says so."""
    instance = (place.get("within") or run)["cluster_instance"]
    assert instance.keys() == {"cluster_id", "spark_context_id"}
    return {"cluster_instance": instance}


def task_run(workspace: Workspace, run: dict[str, Any], began: int) -> dict[str, Any]:
    row = run["tasks"][0]
    whole = head(workspace, run, row["run_id"], began)
    return {
        **{name: whole[name] for name in ("run_id", "run_page_url", "start_time", "cleanup_duration", *DONE)},
        **task(), "notebook_task": NOTEBOOK, "new_cluster": MADE, "run_if": "ALL_SUCCESS", "timeout_seconds": 0,
        "email_notifications": {}, "webhook_notifications": {}, "attempt_number": 0, "end_time": began + 160 * SECOND,
        "setup_duration": 60 * SECOND, "execution_duration": 100 * SECOND, **cluster(run, within=row)}


def test_run_is_told_whole(workspace: Workspace, admin: Client, clock: FakeClock, began: int) -> None:
    run_id = start_new(admin)
    clock.advance(1000)
    run = look(admin, run_id)
    assert run == {
        **head(workspace, run, run_id, began), "run_name": "churn", "run_type": "JOB_RUN", "format": "MULTI_TASK",
        "end_time": began + 165 * SECOND, "setup_duration": 0, "execution_duration": 0, "run_duration": 165 * SECOND,
        "tasks": [task_run(workspace, run, began)]}


def test_task_run_is_told_whole(workspace: Workspace, admin: Client, clock: FakeClock, began: int) -> None:
    run_id = start_new(admin)
    clock.advance(1000)
    run = look(admin, run_id)
    row = task_run(workspace, run, began)
    assert look(admin, row["run_id"]) == {
        **head(workspace, run, row["run_id"], began), "run_name": "train", "run_type": "JOB_RUN",
        "format": "MULTI_TASK", "job_run_id": run_id, "attempt_number": 0, "tasks": [row],
        **{name: row[name] for name in ("end_time", "setup_duration", "execution_duration", "cluster_instance")}}


def test_run_under_way_has_no_end(admin: Client, clock: FakeClock, began: int) -> None:
    run_id = start_new(admin)
    clock.advance(90)
    run = look(admin, run_id)
    assert (run["end_time"], run["run_duration"]) == (0, 0)
    row = run["tasks"][0]
    assert (row["state"]["life_cycle_state"], row["start_time"], row["end_time"]) == ("RUNNING", began, 0)
    assert (row["setup_duration"], row["execution_duration"]) == (60 * SECOND, 0)


@pytest.mark.usefixtures("began")
def test_task_that_waits_has_not_been_set_up(admin: Client) -> None:
    row = look(admin, start_new(admin, tasks=[task("a"), task("b", "a")]))["tasks"][1]
    assert (row["setup_duration"], row["execution_duration"]) == (0, 0)
    assert not {"cluster_instance", "original_attempt_run_id"} & row.keys()


@pytest.mark.usefixtures("began")
def test_task_whose_cluster_starts_has_no_context_yet(admin: Client) -> None:
    row = look(admin, start_new(admin))["tasks"][0]
    assert row["cluster_instance"].keys() == {"cluster_id"}


def test_flat_run_is_told_whole(workspace: Workspace, admin: Client, clock: FakeClock, began: int) -> None:
    run_id = submit(admin, "2.0", new_cluster=NEW_CLUSTER, notebook_task={"notebook_path": "/x"}, tasks=None)
    clock.advance(1000)
    run = look(admin, run_id, "2.0")
    assert run == {
        **head(workspace, run, run_id, began), "run_name": "Untitled", "run_type": "SUBMIT_RUN",
        "format": "SINGLE_TASK", "end_time": began + 165 * SECOND, "setup_duration": 0, "execution_duration": 0,
        "run_duration": 165 * SECOND, "attempt_number": 0, "cluster_spec": {"new_cluster": MADE},
        "task": {"notebook_task": {"notebook_path": "/x", "source": "WORKSPACE"}}, **cluster(run)}


@pytest.mark.parametrize(("full", "code", "text"), [
    (False, "MAX_CONCURRENT_RUNS_REACHED", "Queued due to reaching maximum concurrent runs"),
    (True, "ACTIVE_RUNS_LIMIT_REACHED", "Queued due to reaching the active runs limit of the workspace"),
])
def test_queued_run_says_what_it_waits_for(
        workspace: Workspace, admin: Client, full: bool, code: str, text: str) -> None:
    job_id = create_job(admin)
    start(admin, job_id)
    if full:
        workspace.state.runs.admission.most_tasks_at_once = 1
    queued = look(admin, start(admin, create_job(admin) if full else job_id))
    assert queued["state"] == {"life_cycle_state": "QUEUED", "state_message": "", "queue_reason": text,
                               "user_cancelled_or_timedout": False}
    assert queued["status"] == {"state": "QUEUED", "queue_details": {"code": code, "message": text}}


def test_run_that_ends_tells_how_before_it_is_over(admin: Client) -> None:
    run_id = start_new(admin)
    ending = [look(admin, run_id) for _ in range(3)][-1]
    assert ending["status"] == {**DONE["status"], "state": "TERMINATING"}
    assert "result_state" not in ending["state"]


def test_run_of_one_who_is_gone_names_no_creator(admin: Client, owner: Client) -> None:
    run_id = start_new(owner)
    me = owner.get("2.0/preview/scim/v2/Me").body["id"]
    assert look(admin, run_id)["creator_user_name"] == "owner@example.test"
    admin.ask("DELETE", f"2.0/preview/scim/v2/Users/{me}")
    assert "creator_user_name" not in look(admin, run_id)


def test_looks_at_a_task_run_move_it(admin: Client) -> None:
    run_id = start_new(admin)
    task_run_id = look(admin, run_id)["tasks"][0]["run_id"]
    assert finish(admin, task_run_id)["state"]["result_state"] == "SUCCESS"


def test_run_that_was_not_scheduled_tells_no_schedule(admin: Client) -> None:
    schedule = {"quartz_cron_expression": "0 0 6 * * ?", "timezone_id": "UTC"}
    assert "schedule" not in look(admin, start_new(admin, schedule=schedule))


def test_every_version_tells_the_tasks_of_a_run_that_may_have_several(admin: Client) -> None:
    run_id = start_new(admin)
    assert [len(look(admin, run_id, version)["tasks"]) for version in ("2.0", "2.1", "2.2")] == [1, 1, 1]


@pytest.mark.parametrize("name", ["job_clusters", "git_source"])
def test_run_tells_what_its_tasks_share(admin: Client, name: str) -> None:
    shared: dict[str, Any] = {
        "job_clusters": [{"job_cluster_key": "k", "new_cluster": MADE}],
        "git_source": {"git_url": "https://git.test/x", "git_provider": "gitHub", "git_branch": "main"}}
    run = look(admin, start_new(admin, **{name: shared[name]}))
    assert (run[name], shared.keys() & run.keys()) == (shared[name], {name})
