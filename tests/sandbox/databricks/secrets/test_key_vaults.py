"""Scopes that read an Azure Key Vault."""
from __future__ import annotations

import base64
from typing import Any

import pytest

from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import DATABRICKS
from tests.sandbox.databricks.conftest import Client, Reply

VAULT = {"resource_id": "/subscriptions/1/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v",
         "dns_name": "https://v.vault.azure.net/"}


def create(client: Client, **changes: Any) -> Reply:
    return client.post("2.0/secrets/scopes/create", **{
        "scope": "vault", "scope_backend_type": "AZURE_KEYVAULT", "backend_azure_keyvault": VAULT, **changes})


@pytest.fixture
def vault(owner: Client, workspace: Workspace) -> Client:
    """The owner, called with an Entra token, and a scope `vault` whose key vault holds `password`."""
    owner.token = workspace.tenant.sign(DATABRICKS, upn="owner@example.test")
    assert create(owner).body == {}
    with workspace.state.lock:
        workspace.state.secrets.put_in_vault("https://v.vault.azure.net", "password", b"hunter2")
    return owner


def test_it_is_listed_with_its_vault(vault: Client) -> None:
    assert vault.get("2.0/secrets/scopes/list").body == {"scopes": [
        {"name": "vault", "backend_type": "AZURE_KEYVAULT", "keyvault_metadata": VAULT}]}


def test_vault_alone_says_what_kind_of_scope_it_is(vault: Client) -> None:
    assert create(vault, scope="second", scope_backend_type=None).body == {}
    rows = vault.get("2.0/secrets/scopes/list").body["scopes"]
    assert {row["name"]: row["backend_type"] for row in rows} == {
        "second": "AZURE_KEYVAULT", "vault": "AZURE_KEYVAULT"}


def test_what_is_in_the_vault_is_listed_and_read(vault: Client) -> None:
    rows = vault.get("2.0/secrets/list", scope="vault").body["secrets"]
    value = vault.get("2.0/secrets/get", scope="vault", key="password").body["value"]
    assert ([row["key"] for row in rows], base64.b64decode(value)) == (["password"], b"hunter2")


@pytest.mark.parametrize(("operation", "fields"), [("put", {"string_value": "x"}), ("delete", {})])
def test_secrets_are_not_set_here(vault: Client, operation: str, fields: dict[str, str]) -> None:
    reply = vault.post(f"2.0/secrets/{operation}", scope="vault", key="password", **fields)
    assert (reply.status, reply.code) == (400, "BAD_REQUEST")


def test_the_vault_outlives_its_scope(vault: Client) -> None:
    vault.post("2.0/secrets/scopes/delete", scope="vault")
    create(vault, scope="again")
    assert vault.get("2.0/secrets/get", scope="again", key="password").status == 200


def test_a_token_of_databricks_cannot_ask_azure(owner: Client) -> None:
    reply = create(owner)
    assert (reply.code, reply.message) == (
        "INVALID_PARAMETER_VALUE", "Scope with Azure KeyVault must have userAADToken defined!")


@pytest.mark.parametrize("named", [None, {}, {"dns_name": "https://v"}, {"resource_id": "/x"}])
def test_the_vault_must_be_named(owner: Client, named: dict[str, str] | None) -> None:
    assert create(owner, backend_azure_keyvault=named).message == (
        "Scope with Azure KeyVault must have AzureKeyVaultSecretScopeMetadata defined!")
