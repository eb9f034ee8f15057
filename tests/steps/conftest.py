from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from sandbox.entra.tls import LocalTls, local_tls
from sandbox.http.server import Server
from tests.steps.bench import PEOPLE, TEAM, Bench


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> LocalTls:
    return local_tls(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def bench(tmp_path: Path, tls: LocalTls) -> Iterator[Bench]:
    """A live workspace in strict mode without delays, and a service principal that may create clusters in it."""
    tenant = Tenant()
    principal = tenant.register_application("pipeline of local")
    workspace = Workspace("local", tenant=tenant, strict=True)
    workspace.add_service_principal(principal.client_id)
    for person in PEOPLE:
        workspace.add_user(person)
    with Server(workspace.application) as server, Server(tenant.application, tls=tls.context) as entra:
        environ = {
            "PIPELINE_TYPE": "cluster", "TARGET_ENVIRONMENT": "local",
            "PRODUCT_DIRECTORY": str(tmp_path / "product"), "TEAMS_DIRECTORY": str(tmp_path / "teams"),
            "GENERATED_DIRECTORY": str(tmp_path / "generated"), "DRY_RUN": "False",
            "RUN_ID": "17", "SOURCE_COMMIT": "0123456789abcdef0123456789abcdef01234567",
            "REQUESTED_FOR": "anna@example.com", "REQUESTS_CA_BUNDLE": str(tls.ca_file),
            "ENTRA_TENANT_ID": tenant.tenant_id, "ENTRA_CLIENT_ID": principal.client_id,
            "ENTRA_CLIENT_SECRET": principal.client_secret, "DATABRICKS_TOKEN": "$(databricksToken)",
        }
        _write(tmp_path / "product/cluster_and_libraries_config.json", {"workspace_name": TEAM})
        _write(tmp_path / f"teams/{TEAM}/libraries.json", {})
        _write(tmp_path / f"teams/{TEAM}/access_control_list.json", {})
        _write(tmp_path / f"teams/{TEAM}/workspaces.json", {
            "entra_authority": entra.url,
            "local": {"host": server.url, "service_principals": [
                {"application_id": principal.client_id, "permission_level": "CAN_MANAGE"}]}})
        yield Bench(workspace, tenant, principal, server, entra, tmp_path, environ)


def _write(path: Path, data: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=2))
