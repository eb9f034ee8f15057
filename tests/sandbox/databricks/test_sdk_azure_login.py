"""databricks-sdk logging in by itself with an Entra client secret, against both embedded services."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.config import Config
from databricks.sdk.environments import AzureEnvironment, Cloud, DatabricksEnvironment
from databricks.sdk.errors import PermissionDenied

from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import DATABRICKS, MANAGEMENT
from sandbox.entra.tls import local_tls
from sandbox.http.server import Server


@pytest.fixture
def config(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Config]:
    """The SDK is told of a cloud whose login is our tenant; the tenant id it finds out itself, at `/aad/auth`."""
    tls = local_tls(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tls.ca_file))
    registration = workspace.tenant.register_application("pipeline", client_id="app-1")
    with Server(workspace.tenant.application, tls=tls.context) as entra, Server(workspace.application) as databricks:
        cloud = AzureEnvironment("LOCAL", MANAGEMENT, "", f"{entra.url}/")
        yield Config(databricks_environment=DatabricksEnvironment(Cloud.AZURE, "", DATABRICKS, cloud),
                     host=databricks.url, auth_type="azure-client-secret", azure_client_id=registration.client_id,
                     azure_client_secret=registration.client_secret)


def test_member_principal_gets_in(workspace: Workspace, config: Config) -> None:
    workspace.add_service_principal("app-1")
    assert WorkspaceClient(config=config).current_user.me().user_name == "app-1"
    assert config.azure_tenant_id == workspace.tenant.tenant_id


def test_principal_that_is_no_member_does_not(config: Config) -> None:
    with pytest.raises(PermissionDenied, match=r"not a member"):
        WorkspaceClient(config=config).current_user.me()
