"""Clusters and their libraries through the legacy databricks-cli."""
from __future__ import annotations

from sandbox.databricks.workspace import Workspace
from tests.clients.databricks_cli.conftest import Cli

SPEC = {"cluster_name": "judge", "spark_version": "15.4.x-scala2.12", "node_type_id": "Standard_DS3_v2",
        "num_workers": 1}


def running(cli: Cli) -> str:
    """The id of a new cluster that was read until it ran."""
    cluster_id = cli.read("clusters", "create", "--json", SPEC)["cluster_id"]
    states = [cli.read("clusters", "get", "--cluster-id", cluster_id)["state"] for _ in range(2)]
    assert states == ["PENDING", "RUNNING"]
    return str(cluster_id)


def test_a_cluster_is_made_listed_stopped_and_started(cli: Cli) -> None:
    """H: clusters list, get, start; B3: starting what runs is refused."""
    cluster_id = running(cli)
    assert cli("clusters", "list").split() == [cluster_id, "judge", "RUNNING"]
    assert "unexpected state Running" in cli.refused("clusters", "start", "--cluster-id", cluster_id)
    cli("clusters", "delete", "--cluster-id", cluster_id)
    states = [cli.read("clusters", "get", "--cluster-id", cluster_id)["state"] for _ in range(2)]
    assert states == ["TERMINATING", "TERMINATED"]
    assert cli.read("clusters", "get", "--cluster-name", "judge")["cluster_id"] == cluster_id
    cli("clusters", "start", "--cluster-id", cluster_id)
    assert cli.read("clusters", "get", "--cluster-id", cluster_id)["state"] == "PENDING"


def test_a_cluster_is_edited_resized_restarted_and_removed(cli: Cli) -> None:
    """H: the rest of a cluster's life."""
    cluster_id = running(cli)
    cli("clusters", "resize", "--cluster-id", cluster_id, "--num-workers", 3)
    assert [cli.read("clusters", "get", "--cluster-id", cluster_id)["num_workers"] for _ in range(2)][-1] == 3
    cli("clusters", "restart", "--cluster-id", cluster_id)
    states = [cli.read("clusters", "get", "--cluster-id", cluster_id)["state"] for _ in range(2)]
    assert states == ["RESTARTING", "RUNNING"]
    cli("clusters", "edit", "--json", {**SPEC, "cluster_id": cluster_id, "cluster_name": "edited"})
    cli("clusters", "permanent-delete", "--cluster-id", cluster_id)
    assert "does not exist" in cli.refused("clusters", "get", "--cluster-id", cluster_id)


def test_catalogues_and_events_are_shown(cli: Cli) -> None:
    """H: what a person looks up before and after making a cluster."""
    cluster_id = running(cli)
    events = cli.read("clusters", "events", "--cluster-id", cluster_id, "--output", "json")
    assert events["events"][-1]["type"] == "CREATING"
    assert "15.4.x-scala2.12" in cli("clusters", "spark-versions")
    assert "Standard_DS3_v2" in cli("clusters", "list-node-types")
    assert "zones" in cli.read("clusters", "list-zones")


def test_libraries_are_installed_and_taken_away(cli: Cli) -> None:
    """H: libraries; C2: what is uninstalled stays until the next restart."""
    cluster_id = running(cli)
    cli("libraries", "install", "--cluster-id", cluster_id, "--pypi-package", "pandas==2.2.3")
    rows = [cli.read("libraries", "cluster-status", "--cluster-id", cluster_id) for _ in range(3)]
    assert [row["library_statuses"][0]["status"] for row in rows][-1] == "INSTALLED"
    cli("libraries", "uninstall", "--cluster-id", cluster_id, "--pypi-package", "pandas==2.2.3")
    listed = cli.read("libraries", "list", "--cluster-id", cluster_id)
    assert listed["library_statuses"][0]["status"] == "UNINSTALL_ON_RESTART"
    assert cli.read("libraries", "all-cluster-statuses")["statuses"][0]["cluster_id"] == cluster_id


def test_a_broken_library_is_told_with_its_reason(cli: Cli, workspace: Workspace) -> None:
    """C1: a failure carries its messages."""
    workspace.fail_library("broken", "no such package")
    cluster_id = running(cli)
    cli("libraries", "install", "--cluster-id", cluster_id, "--pypi-package", "broken")
    rows = [cli.read("libraries", "cluster-status", "--cluster-id", cluster_id) for _ in range(3)]
    assert rows[-1]["library_statuses"][0]["messages"] == ["no such package"]


def test_policies_and_pools_are_kept(cli: Cli) -> None:
    """H: cluster-policies and instance-pools."""
    policy = {"name": "small", "definition": '{"num_workers": {"type": "range", "maxValue": 3}}'}
    policy_id = cli.read("cluster-policies", "create", "--json", policy)["policy_id"]
    assert cli.read("cluster-policies", "get", "--policy-id", policy_id)["name"] == "small"
    assert policy_id in cli("cluster-policies", "list")
    cli("cluster-policies", "delete", "--policy-id", policy_id)
    pool = {"instance_pool_name": "warm", "node_type_id": "Standard_DS3_v2", "min_idle_instances": 0}
    pool_id = cli.read("instance-pools", "create", "--json", pool)["instance_pool_id"]
    assert cli.read("instance-pools", "get", "--instance-pool-id", pool_id)["state"] == "ACTIVE"
    assert pool_id in cli("instance-pools", "list")
    cli("instance-pools", "delete", "--instance-pool-id", pool_id)
