"""Runs that failed are repaired: some of their tasks run again."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import NEW_CLUSTER, create_job, task
from tests.sandbox.databricks.runs.driving import finish, life, look, results, start, start_new


def failed_run(workspace: Workspace, admin: Client) -> dict[str, Any]:
    """`a` went well, `b` failed, `c` was not tried."""
    workspace.fail_next_task("broken", task_key="b")
    run = finish(admin, start_new(admin, tasks=[task("a"), task("b", "a"), task("c", "b")]))
    assert results(run) == {"a": "SUCCESS", "b": "FAILED", "c": "UPSTREAM_FAILED"}
    return run


def test_repair_runs_again_what_failed(workspace: Workspace, admin: Client) -> None:
    run_id = failed_run(workspace, admin)["run_id"]
    reply = admin.post("2.2/jobs/runs/repair", run_id=run_id, rerun_all_failed_tasks=True)
    assert life(admin, run_id) == "PENDING"
    run = finish(admin, run_id)
    assert reply.body["repair_id"] > 0
    assert results(run) == {"a": "SUCCESS", "b": "SUCCESS", "c": "SUCCESS"}
    assert [(row["task_key"], row["attempt_number"]) for row in run["tasks"]] == [
        ("a", 0), ("b", 0), ("c", 0), ("b", 1), ("c", 1)]
    assert run["state"]["result_state"] == "SUCCESS"


def history(client: Client, run_id: int) -> list[dict[str, Any]]:
    body = client.get("2.2/jobs/runs/get", run_id=str(run_id), include_history="true").body
    return list(body["repair_history"])


def test_repair_history_is_told_when_asked_for(workspace: Workspace, admin: Client) -> None:
    run_id = failed_run(workspace, admin)["run_id"]
    repair = admin.post("2.2/jobs/runs/repair", run_id=run_id, rerun_tasks=["b"], rerun_dependent_tasks=True).body
    assert [(row["type"], row.get("id"), len(row["task_run_ids"])) for row in history(admin, run_id)] == [
        ("ORIGINAL", None, 3), ("REPAIR", repair["repair_id"], 2)]
    assert "repair_history" not in look(admin, run_id)
    body = admin.get("2.2/jobs/runs/get", run_id=str(start_new(admin)), include_history="true").body
    assert "repair_history" not in body


def test_each_round_tells_how_it_ended(workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    run_id = failed_run(workspace, admin)["run_id"]
    ended = int(clock.now() * 1000)
    clock.advance(60)
    admin.post("2.2/jobs/runs/repair", run_id=run_id, rerun_all_failed_tasks=True)
    assert [row["status"]["state"] for row in history(admin, run_id)] == ["TERMINATED", "PENDING"]
    finish(admin, run_id)
    assert [(row["state"]["result_state"], row["start_time"], row["end_time"]) for row in history(admin, run_id)] == [
        ("FAILED", ended, ended), ("SUCCESS", ended + 60_000, ended + 60_000)]


def test_retries_belong_to_the_round_they_were_made_in(workspace: Workspace, admin: Client) -> None:
    workspace.fail_next_task("broken", times=2)
    run = finish(admin, start_new(admin, tasks=[task("a", max_retries=1)]))
    admin.post("2.2/jobs/runs/repair", run_id=run["run_id"], rerun_tasks=["a"])
    ids = [row["run_id"] for row in finish(admin, run["run_id"])["tasks"]]
    assert [row["task_run_ids"] for row in history(admin, run["run_id"])] == [ids[:2], ids[2:]]


def test_repair_takes_the_job_as_it_is_now(workspace: Workspace, admin: Client) -> None:
    """https://docs.databricks.com/api/jobs/v2/repair.md"""
    run = failed_run(workspace, admin)
    right = {**task("b", "a"), "notebook_task": {"notebook_path": "/right"}}
    admin.post("2.2/jobs/reset", job_id=run["job_id"], new_settings={
        "tasks": [task("a"), right], "job_clusters": [{"job_cluster_key": "k", "new_cluster": NEW_CLUSTER}]})
    gone = admin.post("2.2/jobs/runs/repair", run_id=run["run_id"], rerun_tasks=["c"])
    assert "no task c" in gone.message
    admin.post("2.2/jobs/update", job_id=run["job_id"], new_settings={"tasks": [task("new")]})
    assert "no task new" in admin.post("2.2/jobs/runs/repair", run_id=run["run_id"], rerun_tasks=["new"]).message
    admin.post("2.2/jobs/runs/repair", run_id=run["run_id"], rerun_all_failed_tasks=True)
    repaired = finish(admin, run["run_id"])
    last = repaired["tasks"][-1]
    assert (last["task_key"], last["notebook_task"]["notebook_path"]) == ("b", "/right")
    assert [row["job_cluster_key"] for row in repaired["job_clusters"]] == ["k"]


def repair(client: Client, run_id: int, **how: Any) -> dict[str, Any]:
    """The run once it was repaired."""
    reply = client.post("2.2/jobs/runs/repair", run_id=run_id, **(how or {"rerun_all_failed_tasks": True}))
    assert reply.status == 200, reply
    return finish(client, run_id)


def test_what_depends_on_the_failed_runs_again_when_asked_for(workspace: Workspace, admin: Client) -> None:
    """https://docs.databricks.com/api/workspace/jobs/repairrun: even if it went well before."""
    workspace.fail_next_task("broken", task_key="a")
    run = finish(admin, start_new(admin, tasks=[task("a"), task("b", "a", run_if="ALL_DONE"), task("c")]))
    repaired = repair(admin, run["run_id"], rerun_all_failed_tasks=True, rerun_dependent_tasks=True)
    assert [row["task_key"] for row in repaired["tasks"]] == ["a", "b", "c", "a", "b"]


def test_new_attempt_names_the_first(workspace: Workspace, admin: Client) -> None:
    rows = repair(admin, failed_run(workspace, admin)["run_id"])["tasks"]
    assert [row.get("original_attempt_run_id") for row in rows[3:]] == [row["run_id"] for row in rows[1:3]]


def test_repair_takes_parameters(workspace: Workspace, admin: Client) -> None:
    workspace.fail_next_task("broken", times=3)
    given: dict[str, Any] = {"python_params": ["a"], "notebook_params": {"day": "monday"}}
    run_id = finish(admin, start(admin, create_job(admin), **given))["run_id"]
    run = repair(admin, run_id, rerun_all_failed_tasks=True, notebook_params={"day": "friday"})
    assert run["overriding_parameters"] == {"python_params": ["a"], "notebook_params": {"day": "friday"}}


def test_repair_changes_job_parameters_only_when_told_to(workspace: Workspace, admin: Client) -> None:
    workspace.fail_next_task("broken", times=2)
    job_id = create_job(admin, parameters=[{"name": "day", "default": "sunday"}])
    run = finish(admin, start(admin, job_id, job_parameters={"day": "monday"}))
    again = repair(admin, run["run_id"])
    assert [row["value"] for row in again["job_parameters"]] == ["monday"]
    last = repair(admin, run["run_id"], rerun_all_failed_tasks=True, job_parameters={"day": "friday"},
                  latest_repair_id=history(admin, run["run_id"])[-1]["id"])
    assert [row["value"] for row in last["job_parameters"]] == ["friday"]


def test_run_of_a_deleted_job_is_repaired_with_what_it_had(workspace: Workspace, admin: Client) -> None:
    run = failed_run(workspace, admin)
    admin.post("2.2/jobs/delete", job_id=run["job_id"])
    assert results(repair(admin, run["run_id"])) == {"a": "SUCCESS", "b": "SUCCESS", "c": "SUCCESS"}


def test_flat_run_is_repaired_though_its_job_has_several_tasks_now(workspace: Workspace, admin: Client) -> None:
    workspace.fail_next_task("broken")
    flat = {"new_cluster": NEW_CLUSTER, "notebook_task": {"notebook_path": "/x"}, "tasks": None}
    run = finish(admin, start(admin, create_job(admin, "2.0", **flat)))
    admin.post("2.2/jobs/update", job_id=run["job_id"], new_settings={"tasks": [task()]})
    assert repair(admin, run["run_id"])["task"]["notebook_task"]["notebook_path"] == "/x"


def test_second_repair_names_the_first(workspace: Workspace, admin: Client) -> None:
    run_id = failed_run(workspace, admin)["run_id"]
    first = admin.post("2.2/jobs/runs/repair", run_id=run_id, rerun_tasks=["b"]).body["repair_id"]
    finish(admin, run_id)
    again = {"run_id": run_id, "rerun_tasks": ["c"]}
    assert admin.post("2.2/jobs/runs/repair", **again).message.startswith("The latest repair ID needs to be provided")
    assert "latest_repair_id" in admin.post("2.2/jobs/runs/repair", **again, latest_repair_id=1).message
    assert admin.post("2.2/jobs/runs/repair", **again, latest_repair_id=first).status == 200


@pytest.mark.parametrize(("body", "words"), [
    ({}, "Exactly one of"), ({"rerun_tasks": ["a"], "rerun_all_failed_tasks": True}, "Exactly one of"),
    ({"rerun_tasks": ["z"]}, "no task z"), ({"rerun_all_failed_tasks": True}, "no failed tasks"),
    ({"rerun_tasks": ["train"], "notebook_params": {}, "jar_params": []}, "in conjunction"),
])
def test_repair_is_refused(admin: Client, body: dict[str, Any], words: str) -> None:
    run_id = start_new(admin)
    assert admin.post("2.2/jobs/runs/repair", run_id=run_id, rerun_tasks=["train"]).code == "INVALID_STATE"
    finish(admin, run_id)
    assert words in admin.post("2.2/jobs/runs/repair", run_id=run_id, **body).message
