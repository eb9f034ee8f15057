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


def test_new_group_is_told(admin: Client) -> None:
    assert admin.post(f"{BASE}/create", group_name="team").body == {"group_name": "team"}


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


@pytest.mark.parametrize(("path", "body", "status", "message"), [
    ("create", {"group_name": "Team"}, 400, "Group with name Team already exists."),
    ("create", {}, 400, "Missing required field: group_name"),
    ("delete", {"group_name": "none"}, 404, "Group none does not exist."),
    ("delete", {"group_name": "admins"}, 400, "Group admins is built in and can not be changed like this."),
    ("delete", {"group_name": "users"}, 400, "Group users is built in and can not be changed like this."),
    ("add-member", {"user_name": "nobody@example.test", "parent_name": "team"}, 404,
     "User nobody@example.test does not exist."),
    ("add-member", {"user_name": "anna@example.test", "parent_name": "none"}, 404, "Group none does not exist."),
    ("add-member", {"user_name": "anna@example.test"}, 400, "Missing required field: parent_name"),
    *(("add-member", {**names, "parent_name": "team"}, 400,
       "Exactly one of user_name and group_name must be specified")
      for names in ({}, {"user_name": "a", "group_name": "b"})),
    ("add-member", {"group_name": "department", "parent_name": "team"}, 400,
     "Group team can not be a member of itself."),
    *((path, {"user_name": "anna@example.test", "parent_name": "users"}, 400,
       "Group users is built in and can not be changed like this.") for path in ("add-member", "remove-member")),
    ("remove-member", {"user_name": "anna@example.test", "parent_name": "department"}, 404,
     "anna@example.test is not a member of group department.")])
def test_what_cannot_be_done_is_refused(
        team: Client, path: str, body: dict[str, Any], status: int, message: str) -> None:
    reply = team.post(f"{BASE}/{path}", **body)
    assert (reply.status, reply.message) == (status, message)


@pytest.mark.parametrize(("method", "path"), [("POST", "create"), ("POST", "add-member"), ("POST", "delete"),
                                              ("GET", "list"), ("GET", "list-members")])
def test_groups_are_for_admins(stranger: Client, method: str, path: str) -> None:
    """B17: everyone else gets a 403, be the group there or not."""
    reply = stranger.ask(method, f"{BASE}/{path}", {"group_name": "team"})
    assert (reply.status, reply.code, reply.message) == (403, "PERMISSION_DENIED", (
        "stranger@example.test is not a workspace admin: only admins may use the Groups API"))
