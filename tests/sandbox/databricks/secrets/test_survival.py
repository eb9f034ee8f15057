"""Scopes, secrets and their rights over a stop."""
from __future__ import annotations

import stat
from pathlib import Path

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import DATABRICKS, Tenant
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.workspace_files.kills import again

READS: tuple[tuple[str, dict[str, str]], ...] = (
    ("list", {"scope": "team"}), ("acls/list", {"scope": "team"}), ("scopes/list", {}),
    ("get", {"scope": "team", "key": "password"}), ("get", {"scope": "vault", "key": "k"}))


@pytest.fixture
def workspace(clock: FakeClock, tmp_path: Path) -> Workspace:
    return Workspace("dev", tenant=Tenant(clock=clock), clock=clock, folder=tmp_path / "dev")


@pytest.fixture
def filled(owner: Client, workspace: Workspace) -> Client:
    owner.post("2.0/secrets/scopes/create", scope="team")
    owner.post("2.0/secrets/put", scope="team", key="password", string_value="hünter2")
    owner.post("2.0/secrets/put", scope="team", key="gone", string_value="x")
    owner.post("2.0/secrets/delete", scope="team", key="gone")
    owner.post("2.0/secrets/acls/put", scope="team", principal="users", permission="READ")
    owner.token = workspace.tenant.sign(DATABRICKS, upn="owner@example.test")
    owner.post("2.0/secrets/scopes/create", scope="vault", scope_backend_type="AZURE_KEYVAULT",
               backend_azure_keyvault={"resource_id": "/v", "dns_name": "https://v"})
    with workspace.state.lock:
        workspace.state.secrets.put_in_vault("https://v", "k", b"in the vault")
    return owner


def test_every_reply_is_the_same_after_a_stop(filled: Client, workspace: Workspace) -> None:
    before = [filled.get(f"2.0/secrets/{path}", **query).body for path, query in READS]
    workspace.close()
    after = Client(again(workspace), filled.token)
    assert [after.get(f"2.0/secrets/{path}", **query).body for path, query in READS] == before
    assert "value" in before[3]


def test_a_scope_that_was_deleted_took_its_secrets_along(filled: Client, workspace: Workspace) -> None:
    filled.post("2.0/secrets/scopes/delete", scope="team")
    after = Client(again(workspace), filled.token)
    after.post("2.0/secrets/scopes/create", scope="team")
    assert after.get("2.0/secrets/list", scope="team").body == {}


def test_nobody_else_may_read_the_file_they_lie_in(filled: Client, workspace: Workspace) -> None:
    assert filled
    found = [path for path in workspace.state.folder.rglob("*") if path.is_file() and b"team" in path.read_bytes()]
    assert found
    assert {stat.S_IMODE(path.stat().st_mode) for path in found} == {0o600}
