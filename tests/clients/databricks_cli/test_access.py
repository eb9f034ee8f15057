"""Secrets, groups and tokens through the legacy databricks-cli."""
from __future__ import annotations

from sandbox.databricks.workspace import Workspace
from tests.clients.databricks_cli.conftest import Cli


def test_secrets_are_put_shared_and_deleted(cli: Cli, workspace: Workspace) -> None:
    """H: secrets; F8: a scope is there once, and no value is ever shown."""
    workspace.add_user("anna@example.test")
    cli("secrets", "create-scope", "--scope", "judge")
    assert "RESOURCE_ALREADY_EXISTS" in cli.refused("secrets", "create-scope", "--scope", "judge")
    cli("secrets", "put", "--scope", "judge", "--key", "password", "--string-value", "kept")
    listed = cli("secrets", "list", "--scope", "judge")
    assert "password" in listed
    assert "kept" not in listed
    cli("secrets", "put-acl", "--scope", "judge", "--principal", "anna@example.test", "--permission", "READ")
    assert "READ" in cli("secrets", "get-acl", "--scope", "judge", "--principal", "anna@example.test")
    assert "MANAGE" in cli("secrets", "list-acls", "--scope", "judge")
    cli("secrets", "delete-acl", "--scope", "judge", "--principal", "anna@example.test")
    cli("secrets", "delete", "--scope", "judge", "--key", "password")
    cli("secrets", "delete-scope", "--scope", "judge")
    assert "judge" not in cli("secrets", "list-scopes")


def test_groups_get_and_lose_members(cli: Cli, workspace: Workspace) -> None:
    """H: the legacy groups API."""
    workspace.add_user("anna@example.test")
    cli("groups", "create", "--group-name", "judges")
    cli("groups", "create", "--group-name", "everybody")
    cli("groups", "add-member", "--parent-name", "judges", "--user-name", "anna@example.test")
    cli("groups", "add-member", "--parent-name", "everybody", "--group-name", "judges")
    assert cli.read("groups", "list-members", "--group-name", "judges")["members"] == [
        {"user_name": "anna@example.test"}]
    assert cli.read("groups", "list-parents", "--group-name", "judges")["group_names"] == ["everybody"]
    cli("groups", "remove-member", "--parent-name", "judges", "--user-name", "anna@example.test")
    assert not cli.read("groups", "list-members", "--group-name", "judges").get("members")
    cli("groups", "delete", "--group-name", "judges")
    assert "judges" not in cli.read("groups", "list")["group_names"]


def test_a_token_is_made_used_and_revoked(cli: Cli) -> None:
    """H: tokens."""
    made = cli.read("tokens", "create", "--comment", "judge", "--lifetime-seconds", 600)
    other = Cli(cli.machine.knowing(DATABRICKS_TOKEN=made["token_value"]), cli.databricks)
    token_id = made["token_info"]["token_id"]
    assert token_id in [row["token_id"] for row in other.read("tokens", "list")["token_infos"]]
    cli("tokens", "revoke", "--token-id", token_id)
    assert "Authorization failed" in other.refused("clusters", "list")
