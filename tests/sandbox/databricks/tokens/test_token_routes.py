from __future__ import annotations

import re
import sqlite3
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from tests.sandbox.databricks.conftest import Client

TOKEN = "2.0/token"
STRANGER = "stranger@example.test"
TWO_YEARS = 730 * 24 * 3600 * 1000
ONLY_ADMINS = {"access_control_list": [{"group_name": "admins", "permission_level": "CAN_MANAGE"}]}


def make(client: Client, **fields: Any) -> dict[str, Any]:
    reply = client.post(f"{TOKEN}/create", **fields)
    assert reply.status == 200, reply
    return dict(reply.body)


def listed(client: Client) -> list[str]:
    return [row["comment"] for row in client.get(f"{TOKEN}/list").body["token_infos"]]


def test_new_token_is_its_creator_s(workspace: Workspace, stranger: Client) -> None:
    made = make(stranger, comment="mine", lifetime_seconds=60)
    assert Client(workspace, made["token_value"]).get("2.0/preview/scim/v2/Me").body["userName"] == STRANGER
    assert re.fullmatch("dapi[0-9a-f]{32}", made["token_value"])
    assert made["token_info"]["token_id"] == sha256(made["token_value"].encode()).hexdigest()


def test_value_is_told_once_and_only_own_tokens_are_listed(stranger: Client, owner: Client) -> None:
    made = make(stranger, comment="mine")
    make(owner, comment="other")
    rows = stranger.get(f"{TOKEN}/list").body["token_infos"]
    assert [row["comment"] for row in rows] == ["", "mine"]
    assert made["token_value"] not in repr(rows)


def test_lifetime_is_kept_by_the_clock(workspace: Workspace, clock: FakeClock, stranger: Client) -> None:
    """A8: a token that is over lets nobody in, and is in no list."""
    client = Client(workspace, make(stranger, comment="short", lifetime_seconds=60)["token_value"])
    clock.advance(59)
    assert client.get("2.0/preview/scim/v2/Me").status == 200
    clock.advance(1)
    assert (client.get("2.0/preview/scim/v2/Me").code, listed(stranger)) == (403, [""])


def test_tokens_that_are_over_are_not_kept(workspace: Workspace, clock: FakeClock, stranger: Client) -> None:
    owner_id = stranger.get("2.0/preview/scim/v2/Me").body["id"]
    for _ in range(3):
        make(stranger, lifetime_seconds=60)
    clock.advance(60)
    assert listed(stranger) == [""]
    assert len(workspace.state.tokens._by_owner.of(owner_id)) == 1


@pytest.mark.parametrize(("fields", "milliseconds"), [({}, TWO_YEARS), ({"lifetime_seconds": 5}, 5000)])
def test_token_without_a_lifetime_is_good_for_two_years(stranger: Client, fields: dict[str, int],
                                                        milliseconds: int) -> None:
    info = make(stranger, **fields)["token_info"]
    assert info["expiry_time"] - info["creation_time"] == milliseconds


def test_deleted_token_lets_nobody_in(workspace: Workspace, stranger: Client) -> None:
    made = make(stranger)
    token_id = made["token_info"]["token_id"]
    assert stranger.post(f"{TOKEN}/delete", token_id=token_id).body == {}
    assert Client(workspace, made["token_value"]).get("2.0/preview/scim/v2/Me").status == 403
    assert stranger.post(f"{TOKEN}/delete", token_id=token_id).code == "RESOURCE_DOES_NOT_EXIST"


def test_token_of_somebody_else_cannot_be_deleted(stranger: Client, admin: Client) -> None:
    """B17: not by an admin either, who has the token management for that."""
    token_id = make(stranger)["token_info"]["token_id"]
    assert admin.post(f"{TOKEN}/delete", token_id=token_id).code == "RESOURCE_DOES_NOT_EXIST"
    assert len(listed(stranger)) == 2


def test_comment_of_a_token_changes(stranger: Client) -> None:
    token_id = make(stranger, comment="old")["token_info"]["token_id"]
    change = {"token": {"comment": "new"}, "update_mask": "comment"}
    assert stranger.ask("PATCH", f"{TOKEN}/{token_id}", change).body == {}
    assert listed(stranger) == ["", "new"]


@pytest.mark.parametrize(("method", "path", "body", "status", "message"), [
    ("POST", "create", {"lifetime_seconds": -1}, 400, "lifetime_seconds must be positive, got -1"),
    ("POST", "create", {"lifetime_seconds": "1"}, 400,
     "Invalid JSON given in the body of the request - lifetime_seconds - expected a int"),
    *(("POST", "create", body, 501, "the sandbox does not model personal access tokens that are limited to scopes")
      for body in ({"scopes": ["sql"]}, {"autoscope_enabled": True})),
    ("POST", "delete", {}, 400, "Missing required field: token_id"),
    ("POST", "delete", {"token_id": "none"}, 404, "Token with ID none does not exist"),
    ("PATCH", "{id}", {"token": {"comment": "x"}}, 400, "Missing required field: update_mask"),
    ("PATCH", "{id}", {"token": {}, "update_mask": "scopes"}, 400, "update_mask may name comment, got scopes"),
    ("PATCH", "none", {"update_mask": "comment"}, 404, "Token with ID none does not exist")])
def test_what_cannot_be_done_is_refused(stranger: Client, method: str, path: str, body: dict[str, Any], status: int,
                                        message: str) -> None:
    token_id = make(stranger)["token_info"]["token_id"]
    reply = stranger.ask(method, f"{TOKEN}/{path.format(id=token_id)}", body)
    assert (reply.status, reply.message) == (status, message)


def test_there_is_an_end_to_tokens(workspace: Workspace, stranger: Client) -> None:
    for _ in range(599):
        workspace.add_token(STRANGER)
    reply = stranger.post(f"{TOKEN}/create")
    assert (reply.status, reply.code, reply.message) == (
        400, "QUOTA_EXCEEDED", "The quota for the number of tokens has been reached. The current quota is 600.")


def test_who_may_not_use_tokens_gets_none_and_loses_those_there_are(workspace: Workspace, admin: Client,
                                                                    stranger: Client) -> None:
    """D1: PUT takes CAN_USE from everyone, and with it every token of those who are no admins."""
    assert admin.ask("PUT", "2.0/permissions/authorization/tokens", ONLY_ADMINS).status == 200
    assert (stranger.get(f"{TOKEN}/list").code, admin.get(f"{TOKEN}/list").status) == (403, 200)
    workspace.tenant.add_user(STRANGER)
    by_entra = Client(workspace, workspace.tenant.user_token(STRANGER))
    reply = by_entra.post(f"{TOKEN}/create")
    assert (reply.code, reply.message) == (
        "PERMISSION_DENIED", f"{STRANGER} does not have permission to create or use personal access tokens")


def test_file_of_a_workspace_holds_no_token(tmp_path: Path, clock: FakeClock) -> None:
    workspace = Workspace("dev", tenant=Tenant(clock=clock), clock=clock, folder=tmp_path)
    made = make(Client(workspace, workspace.token), comment="a comment")
    workspace.close()
    with sqlite3.connect(tmp_path / "state.sqlite") as connection:
        text = repr(connection.execute("SELECT * FROM records").fetchall())
    assert ("a comment" in text, workspace.token in text, made["token_value"] in text) == (True, False, False)
