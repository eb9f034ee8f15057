"""run-now and submit: what they take and what they refuse."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.delays import Delays
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import NEW_CLUSTER, create_job, task
from tests.sandbox.databricks.runs.driving import finish, look, results, start, start_new, submit

PARAMETERS = [{"name": "day", "default": "monday"}]


def test_same_token_starts_nothing_new(admin: Client) -> None:
    """E9: the same token returns the same run."""
    job_id = create_job(admin)
    first = start(admin, job_id, idempotency_token="t")
    again = admin.post("2.2/jobs/run-now", job_id=job_id, idempotency_token="t")
    assert again.body == {"run_id": first, "number_in_job": first}
    assert start(admin, job_id, idempotency_token="u") != first
    assert start(admin, create_job(admin), idempotency_token="t") != first


def test_token_of_a_deleted_run_is_an_error(admin: Client) -> None:
    """E9: the token of a deleted run is an error."""
    run_id = submit(admin, idempotency_token="t")
    assert submit(admin, idempotency_token="t") == run_id
    finish(admin, run_id)
    admin.post("2.2/jobs/runs/delete", run_id=run_id)
    assert admin.post("2.2/jobs/runs/submit", tasks=[task()], idempotency_token="t").status == 400


@pytest.mark.parametrize("path", ["run-now", "runs/submit"])
def test_token_has_at_most_64_characters(admin: Client, path: str) -> None:
    body = {"job_id": create_job(admin)} if path == "run-now" else {"tasks": [task()]}
    assert admin.post(f"2.2/jobs/{path}", **body, idempotency_token="x" * 64).status == 200
    assert "64" in admin.post(f"2.2/jobs/{path}", **body, idempotency_token="x" * 65).message


@pytest.mark.parametrize(("fields", "words"), [
    ({"notebook_params": {}, "jar_params": []}, "cannot be specified in conjunction"),
    ({"notebook_params": {"a": "x" * 10_000}}, "10000 bytes"), ({"job_parameters": {"a": "x" * 10_000}}, "10000"),
    ({"python_params": ["ä"]}, "ASCII"), ({"job_parameters": {"a b": ""}}, "'a b'"),
    ({"only": ["z"]}, "no task z"), ({"only": ["++train"]}, "no task +train"),
])
def test_run_is_refused(admin: Client, fields: dict[str, Any], words: str) -> None:
    reply = admin.post("2.2/jobs/run-now", job_id=create_job(admin), **fields)
    assert (reply.status, words in reply.message) == (400, True), reply


def test_job_with_parameters_takes_no_others(admin: Client) -> None:
    reply = admin.post("2.2/jobs/run-now", job_id=create_job(admin, parameters=PARAMETERS), notebook_params={"a": "b"})
    assert "job_parameters" in reply.message


def test_job_without_tasks_does_not_run(admin: Client) -> None:
    reply = admin.post("2.2/jobs/run-now", job_id=create_job(admin, tasks=[]))
    assert (reply.status, "no tasks" in reply.message) == (400, True)


def test_parameters_of_a_run_are_told(admin: Client) -> None:
    job_id = create_job(admin, parameters=PARAMETERS)
    run = look(admin, start(admin, job_id, job_parameters={"day": "friday", "new": "x"}))
    assert run["job_parameters"] == [{"name": "day", "default": "monday", "value": "friday"},
                                     {"name": "new", "value": "x"}]
    plain = look(admin, start(admin, create_job(admin), notebook_params={"a": "b"}))
    assert plain["overriding_parameters"] == {"notebook_params": {"a": "b"}}
    assert not {"overriding_parameters", "job_parameters"} & look(admin, start_new(admin)).keys()


@pytest.mark.parametrize(("only", "run"), [
    (["b"], "b"), (["+b"], "ab"), (["b+"], "bcd"), (["+c+"], "abcd"), (["a", "x"], "ax"), (["x", "+b"], "abx"),
])
def test_only_the_tasks_named_run(admin: Client, only: list[str], run: str) -> None:
    """https://docs.databricks.com/api/workspace/jobs/runnow: a plus is for what is before or after a task."""
    job_id = create_job(admin, tasks=[task("a"), task("b", "a"), task("c", "b"), task("d", "c"), task("x")])
    assert "".join(sorted(results(look(admin, start(admin, job_id, only=only))))) == run


def test_no_task_named_means_all(admin: Client) -> None:
    assert results(finish(admin, start(admin, create_job(admin), only=[]))) == {"train": "SUCCESS"}


def test_run_keeps_the_settings_it_started_with(admin: Client) -> None:
    job_id = create_job(admin)
    run_id = start(admin, job_id)
    admin.post("2.2/jobs/reset", job_id=job_id, new_settings={"name": "new", "tasks": [task("other")]})
    assert results(finish(admin, run_id)) == {"train": "SUCCESS"}


@pytest.mark.parametrize("path", ["reset", "update"])
def test_timeout_holds_for_active_runs_as_well(
        workspace: Workspace, admin: Client, clock: FakeClock, path: str) -> None:
    """https://docs.databricks.com/api/workspace/jobs/update: changes of the timeout are applied to active runs."""
    workspace.set_delays(Delays(run_task=100))
    runs = [start_new(admin), start_new(admin)]
    for run_id in (*runs, *runs):
        look(admin, run_id)
    settings = {"tasks": [task()], "timeout_seconds": 50}
    admin.post(f"2.2/jobs/{path}", job_id=look(admin, runs[0])["job_id"], new_settings=settings)
    clock.advance(100)
    assert [finish(admin, run_id)["state"]["result_state"] for run_id in runs] == ["TIMEDOUT", "SUCCESS"]


def test_new_timeout_changes_nothing_that_was_due(workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    workspace.set_delays(Delays(run_task=100, run_start=1, cluster_start=1))
    run_id = start_new(admin)
    clock.advance(102)
    job_id = admin.get("2.2/jobs/list").body["jobs"][0]["job_id"]
    admin.post("2.2/jobs/update", job_id=job_id, new_settings={"timeout_seconds": 50})
    assert finish(admin, run_id)["state"]["result_state"] == "SUCCESS"


def test_submitted_run_has_no_job_in_the_list(admin: Client) -> None:
    run = finish(admin, submit(admin, run_name="once"))
    assert (run["run_type"], run["run_name"], run["state"]["result_state"]) == ("SUBMIT_RUN", "once", "SUCCESS")
    assert admin.get("2.2/jobs/list").body == {"has_more": False}


def test_submitted_run_needs_a_name_no_more_than_a_job(admin: Client) -> None:
    assert look(admin, submit(admin))["run_name"] == "Untitled"


@pytest.mark.parametrize("version", ["2.0", "2.1", "2.2"])
def test_every_version_submits_a_single_task(admin: Client, version: str) -> None:
    """Airflow's hook sends one to 2.2."""
    flat = {"new_cluster": NEW_CLUSTER, "notebook_task": {"notebook_path": "/x"}, "tasks": None}
    run = finish(admin, submit(admin, version, **flat), "2.0")
    assert (run["format"], run["task"]["notebook_task"]["notebook_path"]) == ("SINGLE_TASK", "/x")


def test_submitted_run_runs_as_told(admin: Client, owner: Client) -> None:
    me = str(owner.get("2.0/preview/scim/v2/Me").body["userName"])
    run = look(admin, submit(admin, run_as={"user_name": me}))
    cluster = admin.cluster(run["tasks"][0]["cluster_instance"]["cluster_id"])
    assert (run["creator_user_name"], cluster["creator_user_name"]) == ("admin@example.test", me)


def test_submitted_run_is_shared_by_its_own_list(owner: Client, stranger: Client) -> None:
    rights = [{"user_name": "stranger@example.test", "permission_level": "CAN_VIEW"}]
    seen, hidden = submit(owner, access_control_list=rights), submit(owner)
    statuses = [stranger.get("2.2/jobs/runs/get", run_id=str(run)).status for run in (seen, hidden)]
    assert statuses == [200, 403]


def test_submitted_run_with_a_wrong_list_does_not_start(admin: Client) -> None:
    rights = [{"user_name": "nobody@example.test", "permission_level": "CAN_VIEW"}]
    assert admin.post("2.2/jobs/runs/submit", tasks=[task()], access_control_list=rights).status == 404
    assert admin.get("2.2/jobs/runs/list").body == {"has_more": False}


def test_submitted_run_needs_a_task(admin: Client) -> None:
    assert admin.post("2.2/jobs/runs/submit", run_name="x").message == "Run settings must be specified."


@pytest.mark.parametrize("tasks", [[task("a", "b")], [task(new_cluster=None)], [
    task(new_cluster=None, existing_cluster_id="0-0-x")]], ids=["graph", "compute", "cluster"])
def test_submitted_tasks_follow_the_rules_of_jobs(admin: Client, tasks: list[Any]) -> None:
    assert admin.post("2.2/jobs/runs/submit", tasks=tasks).status == 400
