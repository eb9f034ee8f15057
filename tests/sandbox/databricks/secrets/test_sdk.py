"""The unmodified databricks-sdk as judge."""
from __future__ import annotations

from collections.abc import Iterator

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import NotFound, ResourceAlreadyExists
from databricks.sdk.service.workspace import AclPermission

from sandbox.databricks.workspace import Workspace
from sandbox.http.server import Server


@pytest.fixture
def sdk(strict_workspace: Workspace) -> Iterator[WorkspaceClient]:
    with Server(strict_workspace.application) as server:
        yield WorkspaceClient(host=server.url, token=strict_workspace.token, auth_type="pat")


def test_secrets_are_put_listed_and_read(sdk: WorkspaceClient) -> None:
    sdk.secrets.create_scope("team")
    sdk.secrets.put_secret("team", "password", string_value="hunter2")
    assert [scope.name for scope in sdk.secrets.list_scopes()] == ["team"]
    assert [secret.key for secret in sdk.secrets.list_secrets("team")] == ["password"]
    assert sdk.dbutils.secrets.get("team", "password") == "hunter2"
    sdk.secrets.delete_secret("team", "password")
    assert list(sdk.secrets.list_secrets("team")) == []


def test_rights_are_given_and_taken(sdk: WorkspaceClient) -> None:
    sdk.secrets.create_scope("team")
    sdk.secrets.put_acl("team", "users", AclPermission.READ)
    assert sdk.secrets.get_acl("team", "users").permission is AclPermission.READ
    sdk.secrets.delete_acl("team", "users")
    assert [item.permission for item in sdk.secrets.list_acls("team")] == [AclPermission.MANAGE]


def test_errors_become_the_sdk_s_own(sdk: WorkspaceClient) -> None:
    sdk.secrets.create_scope("team")
    with pytest.raises(ResourceAlreadyExists, match="Scope team already exists!"):
        sdk.secrets.create_scope("team")
    with pytest.raises(NotFound, match="Scope other does not exist!"):
        sdk.secrets.list_acls("other")
    sdk.secrets.delete_scope("team")
    assert list(sdk.secrets.list_scopes()) == []
