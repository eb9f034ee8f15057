"""How the legacy databricks-cli, which drops the port of its host, finds a workspace and reads its plainest answers."""
from __future__ import annotations

from contextlib import ExitStack

import pytest

from sandbox.databricks.workspace import Workspace
from tests.clients.databricks_cli.conftest import Cli
from tests.clients.environments import Environment
from tests.clients.legacy_place import at_port_80, behind_proxy
from tests.clients.machine import Machine


@pytest.fixture
def cluster_id(workspace: Workspace) -> str:
    return workspace.add_foreign_clusters(1, name="seen")[0]


def test_a_workspace_at_port_80_is_found(
        databricks_cli: Environment, machine: Machine, workspace: Workspace, cluster_id: str) -> None:
    """A1: at a loopback address of its own."""
    with ExitStack() as stack:
        try:
            told = stack.enter_context(at_port_80(workspace.application))
        except OSError as error:
            pytest.skip(f"nobody may listen at port 80 here: {error}")
        cli = Cli(machine.knowing(DATABRICKS_TOKEN=workspace.token, **told), databricks_cli.script("databricks"))
        assert cli("clusters", "list").split() == [cluster_id, "seen", "TERMINATED"]


def test_a_workspace_behind_a_proxy_is_found(
        databricks_cli: Environment, machine: Machine, workspace: Workspace, cluster_id: str) -> None:
    """A1: through HTTP_PROXY, with a request line in absolute form."""
    with behind_proxy(workspace.application) as told:
        cli = Cli(machine.knowing(DATABRICKS_TOKEN=workspace.token, **told), databricks_cli.script("databricks"))
        assert cli("clusters", "list").split() == [cluster_id, "seen", "TERMINATED"]


def test_a_wrong_token_is_refused(cli: Cli) -> None:
    """A8: the client knows the status for what it means."""
    stranger = Cli(cli.machine.knowing(DATABRICKS_TOKEN="dapi0"), cli.databricks)
    assert "Authorization failed" in stranger.refused("clusters", "list")


def test_an_empty_workspace_is_listed(cli: Cli) -> None:
    """A2: no answer is an empty body, and no list lacks what the client reads unasked."""
    assert [cli(family, "list") for family in ("clusters", "jobs")] == ["", ""]
    assert cli("workspace", "ls", "/Shared") == ""
    assert cli("instance-pools", "list").startswith("ID")
