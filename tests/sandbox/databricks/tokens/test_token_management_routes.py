from __future__ import annotations

from typing import Any

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.directory import PrincipalKind
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client

BASE = "2.0/token-management"
APPLICATION = "11111111-2222-3333-4444-555555555555"


@pytest.fixture
def made(workspace: Workspace, admin: Client) -> dict[str, Any]:
    """A token made by an admin for a service principal."""
    workspace.add_service_principal(APPLICATION)
    reply = admin.post(f"{BASE}/on-behalf-of/tokens", application_id=APPLICATION, comment="for it", lifetime_seconds=60)
    assert reply.status == 200, reply
    return dict(reply.body)


def test_token_on_behalf_lets_the_service_principal_in(workspace: Workspace, made: dict[str, Any]) -> None:
    """B17: the caller is the service principal, not who made the token."""
    client = Client(workspace, made["token_value"])
    assert client.get("2.0/preview/scim/v2/Me").body["userName"] == APPLICATION
    assert [row["comment"] for row in client.get("2.0/token/list").body["token_infos"]] == ["for it"]


def test_token_tells_who_made_it_and_whose_it_is(workspace: Workspace, admin: Client, made: dict[str, Any]) -> None:
    find = workspace.state.directory.find
    creator = find(PrincipalKind.USER, "admin@example.test")
    owner = find(PrincipalKind.SERVICE_PRINCIPAL, APPLICATION)
    info = admin.get(f"{BASE}/tokens/{made['token_info']['token_id']}").body["token_info"]
    assert creator is not None
    assert owner is not None
    assert info == {
        "token_id": made["token_info"]["token_id"], "comment": "for it", "creation_time": 1_700_000_000_000,
        "expiry_time": 1_700_000_060_000, "created_by_id": int(creator.id), "owner_id": int(owner.id),
        "created_by_username": "admin@example.test", "workspace_id": int(workspace.state.org_id)}


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(("query", "comments"), [
    ({}, ["", "for it", "theirs"]), ({"created_by_username": "stranger@example.test"}, ["theirs"]),
    ({"created_by_username": "nobody@example.test"}, [])])
def test_admin_sees_the_tokens_of_all(workspace: Workspace, admin: Client, query: dict[str, str],
                                      comments: list[str]) -> None:
    stranger = workspace.add_user("stranger@example.test")
    workspace.state.tokens.add("dapi-theirs", stranger.id, comment="theirs")
    rows = admin.get(f"{BASE}/tokens", **query).body["token_infos"]
    assert [row["comment"] for row in rows] == comments
    by_id = admin.get(f"{BASE}/tokens", created_by_id=stranger.id).body["token_infos"]
    assert [row["comment"] for row in by_id] == ["theirs"]


def test_admin_revokes_and_comments(workspace: Workspace, admin: Client, made: dict[str, Any]) -> None:
    place = f"{BASE}/tokens/{made['token_info']['token_id']}"
    change = {"token": {"comment": "new"}, "update_mask": "comment"}
    assert admin.ask("PATCH", place, change).body == admin.get(place).body["token_info"]
    assert admin.get(place).body["token_info"]["comment"] == "new"
    assert admin.ask("DELETE", place).body == {}
    assert (admin.get(place).code, admin.ask("DELETE", place).code) == ("RESOURCE_DOES_NOT_EXIST",) * 2
    assert Client(workspace, made["token_value"]).get("2.0/token/list").code == 403


def test_token_that_is_over_is_not_there(clock: FakeClock, admin: Client, made: dict[str, Any]) -> None:
    place = f"{BASE}/tokens/{made['token_info']['token_id']}"
    clock.advance(60)
    assert [admin.ask(method, place).status for method in ("GET", "DELETE")] == [404, 404]


def test_creator_who_is_gone_has_no_name(workspace: Workspace, admin: Client, made: dict[str, Any]) -> None:
    successor = workspace.add_user("successor@example.test", admin=True)
    client = Client(workspace, workspace.add_token(successor.name))
    creator = admin.get("2.0/preview/scim/v2/Me").body["id"]
    client.ask("DELETE", f"2.0/preview/scim/v2/Users/{creator}")
    info = client.get(f"{BASE}/tokens/{made['token_info']['token_id']}").body["token_info"]
    assert (info["created_by_id"], info["created_by_username"]) == (int(creator), "")


@pytest.mark.parametrize(("body", "code"), [({}, "INVALID_PARAMETER_VALUE"),
                                            ({"application_id": "nobody"}, "RESOURCE_DOES_NOT_EXIST")])
def test_token_is_only_for_a_service_principal_that_is_there(admin: Client, body: dict[str, str], code: str) -> None:
    assert admin.post(f"{BASE}/on-behalf-of/tokens", **body).code == code


def test_service_principal_that_may_not_use_tokens_gets_none(workspace: Workspace, admin: Client) -> None:
    workspace.add_service_principal(APPLICATION)
    admin.ask("PUT", "2.0/permissions/authorization/tokens", {"access_control_list": [
        {"group_name": "admins", "permission_level": "CAN_MANAGE"}]})
    assert admin.post(f"{BASE}/on-behalf-of/tokens", application_id=APPLICATION).code == "PERMISSION_DENIED"


@pytest.mark.parametrize(("method", "path"), [
    ("GET", "tokens"), ("GET", "tokens/1"), ("PATCH", "tokens/1"), ("DELETE", "tokens/1"),
    ("POST", "on-behalf-of/tokens")])
def test_tokens_of_others_are_for_admins(stranger: Client, method: str, path: str) -> None:
    """B17: everyone else gets a 403."""
    reply = stranger.ask(method, f"{BASE}/{path}", {})
    assert (reply.code, reply.message) == ("PERMISSION_DENIED", (
        "stranger@example.test is not a workspace admin: only admins may manage the tokens of others"))
