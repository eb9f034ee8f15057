"""Runs are read and exported; their output is that of their tasks."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import NEW_CLUSTER, create_job, task
from tests.sandbox.databricks.runs.driving import finish, look, output, start, start_new, submit
from tests.work import work_of


def ids(body: dict[str, Any]) -> list[int]:
    return [row["run_id"] for row in body.get("runs", ())]


def test_output_is_that_of_a_task_run(admin: Client) -> None:
    """E6: get-output refuses the run of a job with several tasks."""
    run = finish(admin, start_new(admin))
    told = output(admin, run["tasks"][0]["run_id"])
    assert (told["metadata"]["run_id"], "error" in told) == (run["tasks"][0]["run_id"], False)
    reply = admin.get("2.2/jobs/runs/get-output", run_id=str(run["run_id"]))
    assert (reply.status, "with multiple tasks is not supported" in reply.message) == (400, True)


def test_output_of_a_failed_task_is_its_own_error(workspace: Workspace, admin: Client) -> None:
    workspace.fail_next_task("ValueError: no data")
    run = finish(admin, start_new(admin))
    assert output(admin, run["tasks"][0]["run_id"])["error"] == "ValueError: no data"


def test_output_of_a_cancelled_task_says_so(admin: Client) -> None:
    run_id = start_new(admin)
    admin.post("2.2/jobs/runs/cancel", run_id=run_id)
    assert output(admin, finish(admin, run_id)["tasks"][0]["run_id"])["error"] == "Run cancelled."


def test_output_of_a_flat_run_is_read_by_its_own_id(admin: Client) -> None:
    flat = {"new_cluster": NEW_CLUSTER, "notebook_task": {"notebook_path": "/x"}, "tasks": None}
    run_id = submit(admin, "2.0", **flat)
    finish(admin, run_id)
    assert output(admin, run_id)["metadata"]["run_id"] == run_id


def test_export_shows_a_notebook_as_a_page(admin: Client) -> None:
    run_id = start_new(admin, tasks=[task(notebook_task={"notebook_path": "/a/<b>"})])
    view = admin.get("2.2/jobs/runs/export", run_id=str(run_id)).body["views"][0]
    assert (view["name"], view["type"], "&lt;b&gt;" in view["content"]) == ("<b>", "NOTEBOOK", True)
    script = start_new(admin, tasks=[task(notebook_task=None, spark_python_task={"python_file": "/x.py"})])
    assert "Only notebook runs" in admin.get("2.2/jobs/runs/export", run_id=str(script)).message


def test_tasks_of_a_run_are_exported_one_by_one(admin: Client) -> None:
    run = look(admin, start_new(admin, tasks=[task("a"), task("b")]))
    whole, one = (admin.get("2.2/jobs/runs/export", run_id=str(row["run_id"])) for row in (run, run["tasks"][1]))
    assert (whole.status, "multiple tasks" in whole.message) == (400, True)
    assert one.body["views"][0]["name"] == "train"


def test_task_runs_beyond_a_hundred_are_paged(admin: Client) -> None:
    run_id = start_new(admin, tasks=[task(f"t{number}") for number in range(150)])
    first, whole = look(admin, run_id), look(admin, run_id, "2.1")
    assert (first["has_more"], len(whole["tasks"]), "has_more" in whole) == (True, 150, False)
    rest = admin.get("2.2/jobs/runs/get", run_id=str(run_id), page_token=first["next_page_token"]).body
    assert (len(first["tasks"]), len(rest["tasks"]), rest.get("next_page_token")) == (100, 50, None)


@pytest.mark.parametrize("path", ["get", "get-output", "export"])
def test_missing_run_is_a_bad_request(admin: Client, path: str) -> None:
    """E14: 400 and not 404 for a missing run."""
    reply = admin.get(f"2.2/jobs/runs/{path}", run_id="5")
    assert (reply.status, reply.code, reply.message) == (400, "INVALID_PARAMETER_VALUE", "Run 5 does not exist.")


@pytest.mark.parametrize("path", ["get", "get-output", "export", "cancel", "delete", "repair"])
def test_run_must_be_named(admin: Client, path: str) -> None:
    method = "GET" if path in {"get", "get-output", "export"} else "POST"
    assert admin.ask(method, f"2.2/jobs/runs/{path}", {}).message == "Missing required field: run_id"


@pytest.mark.parametrize(("path", "needed"), [("get", "View"), ("cancel", "Manage Run")])
def test_refusal_names_the_right_that_is_missing(owner: Client, stranger: Client, path: str, needed: str) -> None:
    run_id = start_new(owner)
    reply = stranger.ask("GET" if path == "get" else "POST", f"2.2/jobs/runs/{path}", {"run_id": run_id})
    assert reply.message == f"User stranger@example.test does not have {needed} permissions on run {run_id}"


@pytest.mark.parametrize(("level", "allowed"), [
    (None, set()), ("CAN_VIEW", {"get", "get-output"}), ("CAN_MANAGE_RUN", {"get", "get-output", "cancel", "repair"}),
    ("CAN_MANAGE", {"get", "get-output", "cancel", "repair", "delete"}),
])
def test_rights_on_a_run_are_those_on_its_job(
        owner: Client, stranger: Client, level: str | None, allowed: set[str]) -> None:
    given = [{"user_name": "stranger@example.test", "permission_level": level}] if level else []
    run = finish(owner, start_new(owner, access_control_list=given))
    found = {name for name in ("get", "get-output", "cancel", "repair", "delete") if stranger.ask(
        "GET" if name.startswith("get") else "POST", f"2.2/jobs/runs/{name}",
        {"run_id": run["tasks"][0]["run_id"]}).status != 403}
    assert found == allowed
    assert ids(stranger.get("2.2/jobs/runs/list").body) == ([run["run_id"]] if level else [])


def test_who_started_a_run_reads_it_though_the_job_is_gone(owner: Client, stranger: Client) -> None:
    rights = [{"user_name": "stranger@example.test", "permission_level": "CAN_VIEW"}]
    job_id = create_job(owner, access_control_list=rights)
    run_id = start(owner, job_id)
    owner.post("2.2/jobs/delete", job_id=job_id)
    assert look(owner, run_id)["run_id"] == run_id
    assert ids(owner.get("2.2/jobs/runs/list").body) == [run_id]
    assert stranger.get("2.2/jobs/runs/get", run_id=str(run_id)).code == "PERMISSION_DENIED"


def test_one_run_is_read_without_looking_at_all_that_are_active(
        workspace: Workspace, admin: Client, owner: Client) -> None:
    workspace.state.serverless, workspace.state.runs.admission.most_tasks_at_once = True, 5000
    run_id = start_new(owner)

    def ask() -> None:
        assert look(owner, run_id)["run_id"] == run_id
        assert ids(owner.get("2.2/jobs/runs/list").body) == [run_id]
        assert len(ids(admin.get("2.2/jobs/runs/list", limit="1").body)) == 1

    work = []
    for count in (1000, 2000):
        for _ in range(count):
            submit(admin, tasks=[task(new_cluster=None)])
        ask()
        work.append(work_of(ask))
    assert work[1] < work[0] * 1.1
