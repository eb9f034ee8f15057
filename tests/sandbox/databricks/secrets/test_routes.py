"""The Secrets API: pitfall F8 and the contract's section 7."""
from __future__ import annotations

import base64
from typing import Any

import pytest

from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client, Reply

PIPELINE = "11111111-2222-3333-4444-555555555555"


def post(client: Client, operation: str, **body: Any) -> Reply:
    return client.ask("POST", f"2.0/secrets/{operation}", body)


def get(client: Client, operation: str, **query: str) -> Reply:
    return client.get(f"2.0/secrets/{operation}", **query)


@pytest.fixture
def scope(owner: Client) -> str:
    """A scope of the owner's that holds `password`."""
    assert post(owner, "scopes/create", scope="team").body == {}
    assert post(owner, "put", scope="team", key="password", string_value="hunter2").body == {}
    return "team"


def test_a_scope_is_made_once(owner: Client, scope: str) -> None:
    """F8: RESOURCE_ALREADY_EXISTS."""
    reply = post(owner, "scopes/create", scope=scope)
    assert (reply.status, reply.code, reply.message) == (400, "RESOURCE_ALREADY_EXISTS", "Scope team already exists!")


def test_scopes_are_listed(owner: Client, scope: str) -> None:
    assert get(owner, "scopes/list").body == {"scopes": [{"name": scope, "backend_type": "DATABRICKS"}]}


def test_lists_are_in_the_order_of_names(owner: Client, scope: str) -> None:
    for key in ("z", "a"):
        post(owner, "put", scope=scope, key=key, string_value="v")
    post(owner, "scopes/create", scope="a")
    assert [row["key"] for row in get(owner, "list", scope=scope).body["secrets"]] == ["a", "password", "z"]
    assert [row["name"] for row in get(owner, "scopes/list").body["scopes"]] == ["a", "team"]


def test_a_list_has_keys_and_times_but_no_values(owner: Client, scope: str) -> None:
    """F8: values are never listed."""
    assert get(owner, "list", scope=scope).body == {
        "secrets": [{"key": "password", "last_updated_timestamp": 1_700_000_000_000}]}


@pytest.mark.parametrize("value", [{"string_value": "süß"}, {"bytes_value": base64.b64encode("süß".encode()).decode()}])
def test_a_value_comes_back_in_base64(owner: Client, scope: str, value: dict[str, str]) -> None:
    post(owner, "put", scope=scope, key="k", **value)
    assert base64.b64decode(get(owner, "get", scope=scope, key="k").body["value"]).decode() == "süß"


def test_a_value_is_replaced(owner: Client, scope: str) -> None:
    post(owner, "put", scope=scope, key="password", string_value="new")
    assert base64.b64decode(get(owner, "get", scope=scope, key="password").body["value"]) == b"new"


def test_secrets_and_scopes_are_deleted(owner: Client, scope: str) -> None:
    post(owner, "delete", scope=scope, key="password")
    assert get(owner, "list", scope=scope).body == {}
    assert post(owner, "scopes/delete", scope=scope).body == {}
    assert get(owner, "scopes/list").body == {}


@pytest.mark.parametrize(("operation", "fields", "message"), [
    ("put", {"scope": "no", "key": "k", "string_value": "v"}, "Scope no does not exist!"),
    ("delete", {"scope": "team", "key": "no"}, "Secret does not exist with scope: team and key: no"),
    ("scopes/delete", {"scope": "no"}, "Scope no does not exist!"),
    ("acls/put", {"scope": "team", "principal": "nobody", "permission": "READ"}, "Principal nobody does not exist"),
    ("acls/delete", {"scope": "team", "principal": "users"},
     "ACL does not exist with scope: team and principal: users"),
])
def test_what_is_not_there_is_404(
        owner: Client, scope: str, operation: str, fields: dict[str, str], message: str) -> None:
    assert get(owner, "scopes/list").body["scopes"][0]["name"] == scope
    reply = post(owner, operation, **fields)
    assert (reply.status, reply.code, reply.message) == (404, "RESOURCE_DOES_NOT_EXIST", message)


@pytest.mark.parametrize(("operation", "fields", "told"), [
    ("scopes/create", {"scope": ""}, "Missing required field: scope"),
    ("scopes/create", {"scope": "a b"}, "letters, digits and -_.@/"), ("scopes/create", {"scope": "ä"}, "letters"),
    ("scopes/create", {"scope": "x" * 129}, "1 to 128"),
    ("scopes/create", {"scope": "x", "initial_manage_principal": "admins"}, "only principal possible is 'users'"),
    ("put", {"scope": "team"}, "Missing required field: key"),
    ("put", {"scope": "team", "key": "k"}, "Exactly one of string_value and bytes_value"),
    ("put", {"scope": "team", "key": "k", "string_value": "a", "bytes_value": "YQ=="}, "Exactly one of"),
    ("put", {"scope": "team", "key": "k", "bytes_value": "%"}, "not base64"),
    ("put", {"scope": "team", "key": "k", "string_value": "x" * (128 * 1024 + 1)}, "more than 131072"),
    ("put", {"scope": "team", "key": "../k?", "string_value": "a"}, "letters, digits"),
    ("acls/put", {"scope": "team", "principal": "users"}, "Missing required field: permission"),
])
def test_bad_requests_are_refused(owner: Client, scope: str, operation: str, fields: dict[str, str], told: str) -> None:
    """F8: string_value and bytes_value exclude each other; names and sizes have limits."""
    assert scope
    reply = post(owner, operation, **fields)
    assert (reply.status, reply.code, told in reply.message) == (400, "INVALID_PARAMETER_VALUE", True)


def test_half_a_character_is_no_json(owner: Client, scope: str) -> None:
    reply = post(owner, "put", scope=scope, key="k", string_value="\ud800")
    assert (reply.status, reply.code) == (400, "MALFORMED_REQUEST")


def test_the_largest_value_is_taken(owner: Client, scope: str) -> None:
    assert post(owner, "put", scope=scope, key="k", string_value="x" * 128 * 1024).status == 200


def test_a_scope_holds_a_thousand_secrets(owner: Client, scope: str) -> None:
    for number in range(999):
        post(owner, "put", scope=scope, key=f"k{number}", string_value="v")
    reply = post(owner, "put", scope=scope, key="more", string_value="v")
    assert (reply.status, reply.code, reply.message) == (
        400, "RESOURCE_LIMIT_EXCEEDED", "Scope team has 1000 secrets, no more are possible")
    assert post(owner, "put", scope=scope, key="password", string_value="v").status == 200


def test_names_of_scopes_are_no_secret(stranger: Client, scope: str) -> None:
    assert get(stranger, "scopes/list").body["scopes"][0]["name"] == scope


def test_only_who_manages_a_scope_sees_who_may_use_it(owner: Client, stranger: Client, scope: str) -> None:
    post(owner, "acls/put", scope=scope, principal="stranger@example.test", permission="WRITE")
    assert [get(stranger, "acls/list", scope=scope).status,
            get(stranger, "acls/get", scope=scope, principal="stranger@example.test").status] == [403, 403]


def test_a_workspace_holds_a_thousand_scopes(owner: Client) -> None:
    for number in range(1000):
        post(owner, "scopes/create", scope=f"s{number}")
    reply = post(owner, "scopes/create", scope="more")
    assert (reply.status, reply.code, reply.message) == (
        400, "RESOURCE_LIMIT_EXCEEDED", "The workspace has 1000 secret scopes, no more are possible")


def test_who_is_gone_has_no_rights_left(owner: Client, scope: str, workspace: Workspace) -> None:
    gone = workspace.add_user("gone@example.test")
    post(owner, "acls/put", scope=scope, principal="gone@example.test", permission="READ")
    with workspace.state.lock:
        workspace.state.directory.remove(gone)
    assert [row["principal"] for row in get(owner, "acls/list", scope=scope).body["items"]] == ["owner@example.test"]
    back = Client(workspace, workspace.add_token(workspace.add_user("gone@example.test").name))
    assert get(back, "get", scope=scope, key="password").status == 403


def test_strangers_have_no_access(stranger: Client, scope: str) -> None:
    for reply, needed in ((get(stranger, "get", scope=scope, key="password"), "READ"),
                          (get(stranger, "list", scope=scope), "READ"),
                          (post(stranger, "put", scope=scope, key="k", string_value="v"), "WRITE")):
        assert (reply.status, reply.code, reply.message) == (
            403, "PERMISSION_DENIED", f"User stranger@example.test does not have {needed} permission on scope team")


@pytest.mark.parametrize(("level", "statuses"), [
    ("READ", [200, 403, 403]), ("WRITE", [200, 200, 403]), ("MANAGE", [200, 200, 200]),
])
def test_levels_include_the_weaker_ones(
        owner: Client, stranger: Client, scope: str, level: str, statuses: list[int]) -> None:
    """F8: MANAGE includes WRITE includes READ."""
    post(owner, "acls/put", scope=scope, principal="stranger@example.test", permission=level)
    assert [get(stranger, "get", scope=scope, key="password").status,
            post(stranger, "put", scope=scope, key="k", string_value="v").status,
            post(stranger, "acls/put", scope=scope, principal="users", permission="READ").status] == statuses


def test_groups_and_service_principals_are_granted(owner: Client, scope: str, workspace: Workspace) -> None:
    workspace.add_service_principal(PIPELINE, "pipeline")
    for principal in ("users", PIPELINE):
        post(owner, "acls/put", scope=scope, principal=principal, permission="READ")
    assert get(owner, "acls/list", scope=scope).body == {"items": [
        {"principal": "owner@example.test", "permission": "MANAGE"}, {"principal": "users", "permission": "READ"},
        {"principal": PIPELINE, "permission": "READ"}]}


def test_a_service_principal_is_not_known_by_its_display_name(owner: Client, scope: str, workspace: Workspace) -> None:
    workspace.add_service_principal(PIPELINE, "pipeline")
    assert post(owner, "acls/put", scope=scope, principal="pipeline", permission="READ").status == 404


def test_a_grant_is_replaced_read_and_taken_back(owner: Client, stranger: Client, scope: str) -> None:
    who = {"scope": scope, "principal": "stranger@example.test"}
    post(owner, "acls/put", **who, permission="MANAGE")
    post(owner, "acls/put", **who, permission="READ")
    assert get(owner, "acls/get", **who).body == {"principal": "stranger@example.test", "permission": "READ"}
    post(owner, "acls/delete", **who)
    assert get(stranger, "get", scope=scope, key="password").status == 403


def test_admins_manage_every_scope(admin: Client, scope: str) -> None:
    assert get(admin, "get", scope=scope, key="password").status == 200


def test_a_scope_may_belong_to_all_users(owner: Client, stranger: Client) -> None:
    post(owner, "scopes/create", scope="open", initial_manage_principal="users")
    assert post(stranger, "put", scope="open", key="k", string_value="v").status == 200


def test_strict_mode_names_unknown_fields(strict_workspace: Workspace) -> None:
    client = Client(strict_workspace, strict_workspace.token)
    assert "unknown field 'scop'" in post(client, "scopes/create", scop="x").message
