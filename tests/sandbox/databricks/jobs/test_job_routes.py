"""Jobs are created, read and deleted."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import NEW_CLUSTER, create_job, job, settings_of, task


def test_ids_are_numbers_that_a_floating_point_number_cannot_hold(admin: Client) -> None:
    """A9: ids of jobs are numbers above 2**53."""
    job_id = create_job(admin)
    assert job_id > 2**53
    assert admin.get("2.2/jobs/get", job_id=str(job_id)).body["job_id"] == job_id


def test_name_is_optional_and_need_not_be_unique(admin: Client) -> None:
    """E1: a name is optional, and two jobs may share one."""
    unnamed = admin.post("2.2/jobs/create", tasks=[task()]).body["job_id"]
    assert settings_of(admin, unnamed)["name"] == "Untitled"
    assert create_job(admin) != create_job(admin)


def test_service_fills_in_what_the_request_leaves_out(admin: Client) -> None:
    """E11: what a reader gets back is normalised."""
    settings = settings_of(admin, create_job(admin))
    assert {name: settings[name] for name in settings if name != "tasks"} == {
        "name": "churn", "email_notifications": {}, "webhook_notifications": {}, "timeout_seconds": 0,
        "max_concurrent_runs": 1, "format": "MULTI_TASK", "queue": {"enabled": True}}
    assert settings["tasks"] == [{
        **task(), "run_if": "ALL_SUCCESS", "timeout_seconds": 0, "email_notifications": {},
        "webhook_notifications": {}, "new_cluster": {**NEW_CLUSTER, "data_security_mode": "SINGLE_USER"},
        "notebook_task": {"notebook_path": "/Repos/dev/churn/train", "source": "WORKSPACE"}}]


@pytest.mark.parametrize(("version", "queue"), [("2.0", None), ("2.1", None), ("2.2", {"enabled": True})])
def test_queueing_is_on_by_default_from_2_2_on(admin: Client, version: str, queue: object) -> None:
    """E8: the default of the queue differs between 2.1 and 2.2."""
    assert settings_of(admin, create_job(admin, version), version).get("queue") == queue


def test_schedule_without_status_is_unpaused(admin: Client) -> None:
    schedule = {"quartz_cron_expression": "0 0 6 * * ?", "timezone_id": "Europe/Berlin"}
    settings = settings_of(admin, create_job(admin, schedule=schedule))
    assert settings["schedule"] == {**schedule, "pause_status": "UNPAUSED"}


def test_order_of_dependencies_and_webhooks_is_not_kept(admin: Client) -> None:
    """E11: lists come back in another order."""
    hooks = {"on_failure": [{"id": "b"}, {"id": "a"}]}
    tasks = [task("a"), task("b"), task("c", "b", "a", webhook_notifications=hooks)]
    settings = settings_of(admin, create_job(admin, tasks=tasks, webhook_notifications=hooks))
    assert settings["tasks"][2]["depends_on"] == [{"task_key": "a"}, {"task_key": "b"}]
    assert settings["webhook_notifications"] == {"on_failure": [{"id": "a"}, {"id": "b"}]}
    assert settings["tasks"][2]["webhook_notifications"] == settings["webhook_notifications"]


def test_task_of_a_loop_is_filled_in_as_any_other(admin: Client) -> None:
    """E11: what the service fills in."""
    loop = {"inputs": "[]", "task": task("each")}
    plain, looped = settings_of(admin, create_job(admin, tasks=[
        task("each"), {"task_key": "loop", "for_each_task": loop}]))["tasks"]
    assert looped["for_each_task"]["task"] == plain


def test_access_modes_of_job_clusters_come_back_under_their_old_names(admin: Client) -> None:
    cluster = {**NEW_CLUSTER, "data_security_mode": "DATA_SECURITY_MODE_STANDARD"}
    settings = settings_of(admin, create_job(admin, tasks=[task(new_cluster=cluster)]))
    assert settings["tasks"][0]["new_cluster"]["data_security_mode"] == "USER_ISOLATION"


def test_bundle_s_job_tells_its_deployment_and_edit_mode(admin: Client) -> None:
    """E15: `edit_mode` and `deployment` are both echoed."""
    deployment = {"kind": "BUNDLE", "metadata_file_path": "/x"}
    settings = settings_of(admin, create_job(admin, deployment=deployment, edit_mode="UI_LOCKED"))
    assert (settings["deployment"], settings["edit_mode"]) == (deployment, "UI_LOCKED")


def test_format_of_the_request_is_ignored(admin: Client) -> None:
    """E11: the format is the service's own."""
    assert settings_of(admin, create_job(admin, format="SINGLE_TASK"))["format"] == "MULTI_TASK"


def test_deleted_job_is_gone(admin: Client) -> None:
    job_id = create_job(admin)
    assert admin.post("2.2/jobs/delete", job_id=job_id).body == {}
    assert "does not exist" in admin.get("2.2/jobs/get", job_id=str(job_id)).message
    assert admin.get("2.2/jobs/list").body == {"has_more": False}


@pytest.mark.parametrize(("method", "path", "body"), [
    ("GET", "jobs/get", {"job_id": 5}), ("POST", "jobs/delete", {"job_id": 5}),
    ("POST", "jobs/reset", {"job_id": 5, "new_settings": {}}), ("POST", "jobs/update", {"job_id": 5}),
    ("POST", "jobs/run-now", {"job_id": 5}),
])
def test_missing_job_is_a_bad_request_for_an_admin(admin: Client, method: str, path: str, body: dict[str, Any]) -> None:
    """E14: 400 and not 404 for a missing job."""
    reply = admin.ask(method, f"2.2/{path}", body)
    assert (reply.status, reply.code, reply.message) == (400, "INVALID_PARAMETER_VALUE", "Job 5 does not exist.")


@pytest.mark.parametrize(("path", "body", "field"), [
    ("jobs/get", {}, "job_id"), ("jobs/delete", {}, "job_id"), ("jobs/reset", {"job_id": 0}, "new_settings"),
])
def test_missing_field_is_named(admin: Client, path: str, body: dict[str, Any], field: str) -> None:
    body = {name: create_job(admin) for name in body}
    reply = admin.ask("GET" if path.endswith("get") else "POST", f"2.2/{path}", body)
    assert reply.message == f"Missing required field: {field}"


def test_many_tasks_are_paged_by_2_2_and_missing_in_2_1(admin: Client) -> None:
    """E5: more than 100 tasks come in pages, and by 2.1 not at all."""
    job_id = create_job(admin, tasks=[task(f"t{number:03}") for number in range(250)])
    seen, token = [], ""
    for size in (100, 100, 50):
        page = admin.get("2.2/jobs/get", job_id=str(job_id), page_token=token).body
        assert len(page["settings"]["tasks"]) == size
        seen += [row["task_key"] for row in page["settings"]["tasks"]]
        token = page.get("next_page_token", "")
    assert (len(set(seen)), token) == (250, "")
    assert "tasks" not in settings_of(admin, job_id, "2.1")


def test_a_hundred_tasks_are_told_at_once(admin: Client) -> None:
    """E5: only more than 100 are missing there, and come in pages by 2.2."""
    job_id = create_job(admin, tasks=[task(f"t{number}") for number in range(100)])
    assert len(settings_of(admin, job_id, "2.1")["tasks"]) == 100
    assert not {"has_more", "next_page_token"} & admin.get("2.2/jobs/get", job_id=str(job_id)).body.keys()


@pytest.mark.parametrize("token", ["x", "-1", "1" * 10])
def test_foreign_page_token_is_refused(admin: Client, token: str) -> None:
    reply = admin.get("2.2/jobs/get", job_id=str(create_job(admin)), page_token=token)
    assert (reply.status, reply.message) == (400, "page_token is not valid")


@pytest.mark.parametrize("body", [{"name": "a"}, {"name": "a", "tasks": []}], ids=["nothing", "empty-list"])
def test_job_without_tasks_tells_none(admin: Client, body: dict[str, Any]) -> None:
    settings = settings_of(admin, admin.post("2.2/jobs/create", **body).body["job_id"])
    assert (settings["format"], "tasks" in settings) == ("MULTI_TASK", False)


@pytest.mark.parametrize("version", ["2.0", "2.1", "2.2"])
def test_job_tells_whose_it_is_and_since_when(admin: Client, clock: FakeClock, version: str) -> None:
    row = admin.get(f"{version}/jobs/get", job_id=str(create_job(admin))).body
    assert (row["created_time"], row["creator_user_name"]) == (int(clock.now() * 1000), "admin@example.test")


@pytest.mark.parametrize(("name", "entry"), [
    ("job_clusters", lambda number: {"job_cluster_key": f"k{number}", "new_cluster": NEW_CLUSTER}),
    ("environments", lambda number: {"environment_key": f"e{number}", "spec": {"environment_version": "2"}}),
    ("parameters", lambda number: {"name": f"p{number}", "default": ""}),
], ids=["job_clusters", "environments", "parameters"])
def test_every_long_list_is_paged(admin: Client, name: str, entry: Callable[[int], object]) -> None:
    """E5: not only tasks come in pages."""
    changes: dict[str, Any] = {name: [entry(number) for number in range(150)]}
    job_id = create_job(admin, **changes)
    first = admin.get("2.2/jobs/get", job_id=str(job_id)).body
    rest = admin.get("2.2/jobs/get", job_id=str(job_id), page_token=first["next_page_token"]).body
    assert [len(page["settings"][name]) for page in (first, rest)] == [100, 50]
    assert (first["has_more"], "has_more" in rest, "tasks" in rest["settings"]) == (True, False, False)
    assert len(settings_of(admin, job_id, "2.1")[name]) == 150


def test_unknown_enum_value_is_dropped_or_in_strict_mode_refused(
        admin: Client, strict_workspace: Workspace) -> None:
    """E12: an unknown enum value is dropped without a word, or refused in strict mode."""
    assert "performance_target" not in settings_of(admin, create_job(admin, performance_target="STANDART"))
    strict = Client(strict_workspace, strict_workspace.token)
    assert "performance_target" in strict.post("2.2/jobs/create", **job(performance_target="STANDART")).message


def test_strict_mode_names_the_unknown_field_of_a_task(strict_workspace: Workspace) -> None:
    strict = Client(strict_workspace, strict_workspace.token)
    body = job(tasks=[task(notebook_task={"notebook_path": "/x", "base_params": {}})])
    assert "'tasks[0].notebook_task.base_params'" in strict.post("2.2/jobs/create", **body).message


@pytest.mark.parametrize(("number", "hour", "code"), [(2, 99, "QUOTA_EXCEEDED"), (99, 2, "INVALID_STATE")])
def test_number_of_jobs_is_limited(workspace: Workspace, admin: Client, number: int, hour: int, code: str) -> None:
    workspace.state.jobs.quota, workspace.state.jobs.quota_per_hour = number, hour
    create_job(admin)
    create_job(admin)
    reply = admin.post("2.2/jobs/create", **job())
    assert (reply.status, reply.code) == (400, code)
