"""Tasks that run other jobs: what they give them, what they make of their result, and who may."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.delays import Delays
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import create_job, task
from tests.sandbox.databricks.runs.driving import finish, life, look, output, results, start, start_new


def other_job(job_id: int, **changes: Any) -> dict[str, Any]:
    return {"task_key": "other", "run_job_task": {"job_id": job_id, **changes}}


def entangle(client: Client, one: int, two: int) -> None:
    """Each of the two jobs does nothing but run the other."""
    for job_id, other in ((one, two), (two, one)):
        client.post("2.2/jobs/reset", job_id=job_id, new_settings={"tasks": [other_job(other)]})


def test_run_job_task_runs_the_other_job(admin: Client) -> None:
    other = create_job(admin, name="other", parameters=[{"name": "day", "default": "monday"}])
    given = {"job_parameters": {"day": "{{job.name}}"}}
    run = finish(admin, start_new(admin, tasks=[other_job(other, **given), task("end", "other")]))
    assert results(run) == {"other": "SUCCESS", "end": "SUCCESS"}
    child = look(admin, output(admin, run["tasks"][0]["run_id"])["run_job_output"]["run_id"])
    assert (child["job_id"], child["trigger"], child["state"]["result_state"]) == (other, "RUN_JOB_TASK", "SUCCESS")
    assert child["job_parameters"] == [{"name": "day", "default": "monday", "value": "churn"}]


def test_failure_of_the_other_job_fails_the_task(workspace: Workspace, admin: Client) -> None:
    workspace.fail_next_task("broken", task_key="train")
    run = finish(admin, start_new(admin, tasks=[other_job(create_job(admin))]))
    assert results(run) == {"other": "FAILED"}


def test_other_job_in_a_queue_is_waited_for(admin: Client) -> None:
    other = create_job(admin)
    before = start(admin, other)
    run = finish(admin, start_new(admin, tasks=[other_job(other)]))
    assert (results(run), look(admin, before)["state"]["result_state"]) == ({"other": "SUCCESS"}, "SUCCESS")


def test_other_job_runs_before_who_starts_it_later(workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    workspace.set_delays(Delays(run_start=10, run_task=100))
    other = create_job(admin)
    start_new(admin, tasks=[other_job(other)])
    clock.advance(20)
    assert life(admin, start(admin, other)) == "QUEUED"


def test_cancel_reaches_the_run_of_the_other_job(admin: Client) -> None:
    other = create_job(admin)
    run_id = start_new(admin, tasks=[other_job(other)])
    life(admin, run_id)
    child = admin.get("2.2/jobs/runs/list", job_id=str(other)).body["runs"][0]["run_id"]
    admin.post("2.2/jobs/runs/cancel", run_id=run_id)
    finish(admin, run_id)
    assert finish(admin, child)["state"]["result_state"] == "CANCELED"


def test_jobs_that_run_each_other_fail(admin: Client) -> None:
    one, two = create_job(admin, max_concurrent_runs=9), create_job(admin, max_concurrent_runs=9)
    entangle(admin, one, two)
    assert results(finish(admin, start(admin, one))) == {"other": "FAILED"}
    assert len(admin.get("2.2/jobs/runs/list").body["runs"]) == 2


def test_two_jobs_that_wait_for_each_other_can_be_looked_at(admin: Client) -> None:
    one, two = create_job(admin), create_job(admin)
    entangle(admin, one, two)
    runs = [start(admin, one), start(admin, two)]
    for _ in range(3):
        assert {life(admin, run) for run in runs} <= {"PENDING", "RUNNING"}


@pytest.mark.parametrize("allowed", [True, False])
def test_other_job_is_started_only_by_one_who_may(owner: Client, stranger: Client, allowed: bool) -> None:
    rights = [{"user_name": "stranger@example.test", "permission_level": "CAN_MANAGE_RUN"}] if allowed else []
    other = create_job(owner, access_control_list=rights)
    run = finish(stranger, start_new(stranger, tasks=[other_job(other)]))
    assert results(run) == {"other": "SUCCESS" if allowed else "FAILED"}


def error_of(client: Client, run: dict[str, Any]) -> str:
    return str(output(client, run["tasks"][0]["run_id"])["error"])


def child_of(client: Client, run: dict[str, Any]) -> dict[str, Any]:
    return look(client, output(client, run["tasks"][0]["run_id"])["run_job_output"]["run_id"])


def test_other_job_is_given_parameters_of_every_kind(admin: Client) -> None:
    run = finish(admin, start_new(admin, tasks=[other_job(create_job(admin), notebook_params={"a": "b"})]))
    assert child_of(admin, run)["overriding_parameters"] == {"notebook_params": {"a": "b"}}


def test_task_that_is_to_fail_starts_nothing(workspace: Workspace, admin: Client) -> None:
    """E7: the exception of any kind of task."""
    workspace.fail_next_task("no luck", task_key="other")
    other = create_job(admin)
    run = finish(admin, start_new(admin, tasks=[other_job(other)]))
    assert (results(run), error_of(admin, run)) == ({"other": "FAILED"}, "no luck")
    assert admin.get("2.2/jobs/runs/list", job_id=str(other)).body == {"has_more": False}


def test_other_job_that_made_its_failure_good_is_a_success(workspace: Workspace, admin: Client) -> None:
    other = create_job(admin, tasks=[task("a"), task("b", "a", run_if="ALL_DONE")])
    workspace.fail_next_task("broken", task_key="a")
    run = finish(admin, start_new(admin, tasks=[other_job(other)]))
    assert child_of(admin, run)["state"]["result_state"] == "SUCCESS_WITH_FAILURES"
    assert results(run) == {"other": "SUCCESS"}


def test_task_whose_other_job_is_gone_fails(admin: Client) -> None:
    other = create_job(admin)
    run_id = start_new(admin, tasks=[other_job(other)])
    admin.post("2.2/jobs/delete", job_id=other)
    assert error_of(admin, finish(admin, run_id)) == f"Job {other} does not exist."


def test_task_of_a_principal_who_is_gone_starts_nothing(owner: Client, admin: Client) -> None:
    run_id = start_new(owner, tasks=[other_job(create_job(admin))])
    found = admin.get("2.0/preview/scim/v2/Users", filter='userName eq "owner@example.test"').body["Resources"][0]
    admin.ask("DELETE", f"2.0/preview/scim/v2/Users/{found['id']}", {})
    assert "does not have Manage Run permissions" in error_of(admin, finish(admin, run_id))


def test_service_principal_starts_the_other_job(workspace: Workspace, admin: Client) -> None:
    name = "11111111-2222-3333-4444-555555555555"
    workspace.add_service_principal(name)
    rights = [{"service_principal_name": name, "permission_level": "CAN_MANAGE_RUN"}]
    other = create_job(admin, access_control_list=rights)
    run = finish(admin, start_new(admin, run_as={"service_principal_name": name}, tasks=[other_job(other)]))
    assert (results(run), child_of(admin, run)["creator_user_name"]) == ({"other": "SUCCESS"}, name)
