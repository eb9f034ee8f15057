"""Whose a job is, who may do what with it, and under whose name it runs."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.databricks.permissions.access import JOBS
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import create_job, job, refusal

PIPELINE = "11111111-2222-3333-4444-555555555555"


def entry(name: str, level: str, kind: str = "user_name") -> dict[str, str]:
    return {kind: name, "permission_level": level}


def entries(client: Client, job_id: int) -> dict[str, list[dict[str, Any]]]:
    rows = client.get(f"2.0/permissions/jobs/{job_id}").body["access_control_list"]
    return {next(row[key] for key in ("user_name", "service_principal_name", "group_name") if key in row):
            row["all_permissions"] for row in rows}


def run_as(client: Client, job_id: int) -> str:
    return str(client.get("2.2/jobs/get", job_id=str(job_id)).body["run_as_user_name"])


def test_creator_owns_a_new_job_and_admins_inherit(owner: Client, admin: Client) -> None:
    job_id = create_job(owner)
    assert entries(admin, job_id) == {
        "owner@example.test": [{"permission_level": "IS_OWNER", "inherited": False}],
        "admins": [{"permission_level": "CAN_MANAGE", "inherited": True, "inherited_from_object": ["/jobs/"]}]}


def test_access_control_list_comes_with_the_job(workspace: Workspace, owner: Client) -> None:
    workspace.add_group("team")
    job_id = create_job(owner, access_control_list=[entry("team", "CAN_VIEW", "group_name")])
    assert [(name, rows[0]["permission_level"]) for name, rows in entries(owner, job_id).items()][:2] == [
        ("owner@example.test", "IS_OWNER"), ("team", "CAN_VIEW")]


def test_access_control_list_may_name_another_owner(workspace: Workspace, admin: Client) -> None:
    workspace.add_user("anna@example.test")
    job_id = create_job(admin, access_control_list=[entry("anna@example.test", "IS_OWNER")])
    assert list(entries(admin, job_id)) == ["anna@example.test", "admins"]


@pytest.mark.parametrize("rows", [
    [entry("owner@example.test", "IS_OWNER"), entry("anna@example.test", "IS_OWNER")],
    [entry("owner@example.test", "CAN_MANAGE")], [entry("team", "IS_OWNER", "group_name")],
    [entry("nobody@example.test", "CAN_VIEW")], [entry("anna@example.test", "CAN_ATTACH_TO")],
], ids=["two owners", "no owner", "group as owner", "unknown principal", "level of clusters"])
def test_wrong_access_control_list_leaves_no_job_behind(workspace: Workspace, owner: Client, rows: list[Any]) -> None:
    workspace.add_user("anna@example.test")
    workspace.add_group("team")
    assert owner.post("2.2/jobs/create", **job(access_control_list=rows)).status in {400, 404}
    assert owner.get("2.2/jobs/list").body == {"has_more": False}
    assert workspace.state.access.granted_to(JOBS, [workspace.add_user("owner@example.test")]) == set()


@pytest.mark.parametrize(("level", "allowed"), [
    (None, set()), ("CAN_VIEW", {"get"}), ("CAN_MANAGE_RUN", {"get", "run-now"}),
    ("CAN_MANAGE", {"get", "run-now", "update", "reset", "delete"}),
])
def test_rights(owner: Client, stranger: Client, level: str | None, allowed: set[str]) -> None:
    given = [entry("stranger@example.test", level)] if level else []
    bodies: dict[str, dict[str, Any]] = {"get": {}, "run-now": {}, "update": {}, "reset": {"new_settings": job()},
                                         "delete": {}}
    statuses = {}
    for name, body in bodies.items():
        job_id = create_job(owner, access_control_list=given)
        method = "GET" if name == "get" else "POST"
        statuses[name] = stranger.ask(method, f"2.2/jobs/{name}", {"job_id": job_id, **body}).status
    assert statuses == {name: 200 if name in allowed else 403 for name in bodies}


def test_stranger_does_not_learn_whether_a_job_is_there(owner: Client, stranger: Client) -> None:
    """D8: 403 for a missing job, too, for who is no admin."""
    replies = [stranger.get("2.2/jobs/get", job_id=str(job_id)) for job_id in (create_job(owner), 5)]
    assert [reply.code for reply in replies] == ["PERMISSION_DENIED"] * 2
    assert replies[1].message == ("User stranger@example.test does not have View or Admin or Manage Run or Owner "
                                  "permissions on job 5")


def test_write_names_the_levels_that_would_do(owner: Client, stranger: Client) -> None:
    reply = stranger.post("2.2/jobs/delete", job_id=create_job(owner))
    assert "does not have Admin or Owner permissions on job" in reply.message


def test_job_runs_as_its_owner_whoever_that_is(workspace: Workspace, admin: Client) -> None:
    workspace.add_user("anna@example.test")
    job_id = create_job(admin)
    assert run_as(admin, job_id) == "admin@example.test"
    admin.ask("PUT", f"2.0/permissions/jobs/{job_id}",
              {"access_control_list": [entry("anna@example.test", "IS_OWNER")]})
    assert run_as(admin, job_id) == "anna@example.test"


def test_reset_without_run_as_keeps_it(workspace: Workspace, admin: Client) -> None:
    """E2: a reset without `run_as` keeps it."""
    workspace.add_service_principal(PIPELINE)
    job_id = create_job(admin, run_as={"service_principal_name": PIPELINE})
    admin.post("2.2/jobs/reset", job_id=job_id, new_settings=job())
    assert run_as(admin, job_id) == PIPELINE


def test_reset_with_run_as_changes_it(workspace: Workspace, admin: Client) -> None:
    workspace.add_service_principal(PIPELINE)
    job_id = create_job(admin, run_as={"service_principal_name": PIPELINE})
    admin.post("2.2/jobs/reset", job_id=job_id, new_settings=job(run_as={"user_name": "admin@example.test"}))
    assert run_as(admin, job_id) == "admin@example.test"


def test_run_as_is_no_setting_that_is_read_back(admin: Client) -> None:
    job_id = create_job(admin, run_as={"user_name": "admin@example.test"})
    assert "run_as" not in admin.get("2.2/jobs/get", job_id=str(job_id)).body["settings"]


@pytest.mark.parametrize(("wanted", "status"), [
    ({"user_name": "owner@example.test"}, 200), ({"user_name": "admin@example.test"}, 403),
    ({"service_principal_name": PIPELINE}, 403), ({"user_name": "nobody@example.test"}, 404),
])
def test_who_is_no_admin_runs_jobs_as_himself(
        workspace: Workspace, owner: Client, wanted: dict[str, str], status: int) -> None:
    workspace.add_service_principal(PIPELINE)
    assert owner.post("2.2/jobs/create", **job(run_as=wanted)).status == status


def test_role_on_a_service_principal_allows_to_run_as_it(workspace: Workspace, owner: Client) -> None:
    principal = workspace.add_service_principal(PIPELINE)
    user = workspace.add_user("owner@example.test")
    workspace.state.service_principal_users.add((user.key, principal.key))
    assert run_as(owner, create_job(owner, run_as={"service_principal_name": PIPELINE})) == PIPELINE


@pytest.mark.parametrize("wanted", [
    {}, {"group_name": "users"}, {"user_name": "admin@example.test", "group_name": "users"},
    {"user_name": "admin@example.test", "service_principal_name": PIPELINE}],
    ids=["nobody", "group", "user-and-group", "two"])
def test_job_runs_as_one_user_or_service_principal(admin: Client, wanted: dict[str, str]) -> None:
    assert refusal(admin, run_as=wanted) == "run_as must name exactly one of user_name and service_principal_name"


def test_permissions_of_a_deleted_job_are_gone(admin: Client) -> None:
    job_id = create_job(admin)
    admin.post("2.2/jobs/delete", job_id=job_id)
    assert admin.get(f"2.0/permissions/jobs/{job_id}").status == 404


def test_levels_of_a_job(admin: Client) -> None:
    rows = admin.get(f"2.0/permissions/jobs/{create_job(admin)}/permissionLevels").body["permission_levels"]
    assert [row["permission_level"] for row in rows] == ["CAN_VIEW", "CAN_MANAGE_RUN", "CAN_MANAGE", "IS_OWNER"]
