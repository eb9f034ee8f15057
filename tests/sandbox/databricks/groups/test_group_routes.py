from __future__ import annotations

from typing import Any

import pytest

from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client

BASE = "2.0/groups"


@pytest.fixture
def team(workspace: Workspace, admin: Client) -> Client:
    workspace.add_user("anna@example.test")
    workspace.add_service_principal("app-1")
    for name in ("team", "department"):
        admin.post(f"{BASE}/create", group_name=name)
    admin.post(f"{BASE}/add-member", user_name="anna@example.test", parent_name="team")
    admin.post(f"{BASE}/add-member", user_name="app-1", parent_name="team")
    admin.post(f"{BASE}/add-member", group_name="team", parent_name="department")
    return admin


def test_groups_are_listed_by_name(team: Client) -> None:
    assert team.get(f"{BASE}/list").body == {"group_names": ["admins", "users", "team", "department"]}


def test_members_are_told_directly(team: Client) -> None:
    members = {name: team.get(f"{BASE}/list-members", group_name=name).body["members"]
               for name in ("team", "department")}
    assert members == {"team": [{"user_name": "anna@example.test"}, {"user_name": "app-1"}],
                       "department": [{"group_name": "team"}]}


@pytest.mark.parametrize(("member", "parents"), [
    ({"user_name": "Anna@example.test"}, ["users", "team"]), ({"group_name": "team"}, ["department"])])
def test_parents_are_told_directly(team: Client, member: dict[str, str], parents: list[str]) -> None:
    assert team.get(f"{BASE}/list-parents", **member).body == {"group_names": parents}


def test_member_is_removed_and_then_no_longer_known(team: Client) -> None:
    gone = {"user_name": "anna@example.test", "parent_name": "team"}
    assert team.post(f"{BASE}/remove-member", **gone).body == {}
    assert team.post(f"{BASE}/remove-member", **gone).code == "RESOURCE_DOES_NOT_EXIST"
    assert team.get(f"{BASE}/list-parents", user_name="anna@example.test").body == {"group_names": ["users"]}


def test_deleted_group_is_gone(team: Client) -> None:
    assert team.post(f"{BASE}/delete", group_name="team").body == {}
    assert team.get(f"{BASE}/list-members", group_name="team").code == "RESOURCE_DOES_NOT_EXIST"
    assert team.get(f"{BASE}/list-members", group_name="department").body == {"members": []}


@pytest.mark.parametrize(("path", "body", "code"), [
    ("create", {"group_name": "Team"}, "RESOURCE_ALREADY_EXISTS"), ("create", {}, "INVALID_PARAMETER_VALUE"),
    ("delete", {"group_name": "none"}, "RESOURCE_DOES_NOT_EXIST"),
    ("delete", {"group_name": "admins"}, "INVALID_PARAMETER_VALUE"),
    ("add-member", {"user_name": "nobody@example.test", "parent_name": "team"}, "RESOURCE_DOES_NOT_EXIST"),
    ("add-member", {"user_name": "anna@example.test", "parent_name": "none"}, "RESOURCE_DOES_NOT_EXIST"),
    ("add-member", {"user_name": "anna@example.test"}, "INVALID_PARAMETER_VALUE"),
    ("add-member", {"parent_name": "team"}, "INVALID_PARAMETER_VALUE"),
    ("add-member", {"user_name": "a", "group_name": "b", "parent_name": "team"}, "INVALID_PARAMETER_VALUE"),
    ("add-member", {"group_name": "department", "parent_name": "team"}, "INVALID_PARAMETER_VALUE"),
    ("add-member", {"user_name": "anna@example.test", "parent_name": "users"}, "INVALID_PARAMETER_VALUE"),
    ("remove-member", {"user_name": "anna@example.test", "parent_name": "users"}, "INVALID_PARAMETER_VALUE")])
def test_what_cannot_be_done_is_refused(team: Client, path: str, body: dict[str, Any], code: str) -> None:
    assert team.post(f"{BASE}/{path}", **body).code == code


@pytest.mark.parametrize(("method", "path"), [("POST", "create"), ("POST", "add-member"), ("POST", "delete"),
                                              ("GET", "list"), ("GET", "list-members")])
def test_groups_are_for_admins(stranger: Client, method: str, path: str) -> None:
    """B17: everyone else gets a 403, be the group there or not."""
    assert (stranger.ask(method, f"{BASE}/{path}", {"group_name": "team"}).code) == "PERMISSION_DENIED"
