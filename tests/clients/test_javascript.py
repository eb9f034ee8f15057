"""Databricks' client for JavaScript as judge: another language, another author, and TLS."""
from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from sandbox.entra.tls import local_tls
from sandbox.http.server import Server
from tests.clients.conftest import QUICK
from tests.clients.machine import Machine

FOLDER = Path(__file__).parent / "javascript"


@pytest.fixture
def node() -> str:
    """Node, with the client. Without one the test is skipped, or fails where `REQUIRE_CLIENTS` is set."""
    node = shutil.which("node")
    if node and (FOLDER / "node_modules").is_dir():
        return node
    reason = "needs Node and Databricks' client for it: run 'make judge' once"
    if os.environ.get("REQUIRE_CLIENTS"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def workspace() -> Workspace:
    return Workspace("dev", tenant=Tenant(), strict=True, small_ids=True, delays=QUICK)


@pytest.fixture
def secured(workspace: Workspace, machine: Machine, tmp_path: Path) -> Iterator[Machine]:
    """A machine that trusts the sandbox's authority, and knows the workspace by its address with TLS."""
    tls = local_tls(tmp_path / "tls")
    with Server(workspace.application) as server:
        server.also_tls = tls.context
        yield machine.knowing(DATABRICKS_HOST=f"https://localhost:{server.port}", DATABRICKS_TOKEN=workspace.token,
                              NODE_EXTRA_CA_CERTS=str(tls.ca_file))


def test_clusters_files_and_jobs_are_looked_after_from_javascript(
        node: str, secured: Machine, workspace: Workspace) -> None:
    """A9: in a workspace with small ids, which floating point numbers can hold."""
    shown = secured.run(node, FOLDER / "judge.js").splitlines()
    assert shown[0] == f"me {workspace.token_user}"
    assert shown[1:6] == ["cluster RUNNING", "running judged", "edited 3", "first of all CREATING",
                          "library pandas==2.2.3"]
    assert "unpin the cluster first" in shown[6]
    assert shown[7:9] == ["terminated USER_REQUEST", "notebook /Shared/train true"]
    assert shown[9:] == ["missing 404 RESOURCE_DOES_NOT_EXIST: Path (/Shared/none) doesn't exist.", "secret open",
                         "job judged anew undefined", "run SUCCESS", "its only run true",
                         "gone 400 INVALID_PARAMETER_VALUE: Job ID does not exist."]
    assert workspace.log.unknown() == []
