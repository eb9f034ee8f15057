"""Reads that come before the workspace has caught up with a new cluster."""
from __future__ import annotations

from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client


def test_first_get_misses_a_new_cluster(workspace: Workspace, admin: Client) -> None:
    workspace.state.first_reads.cluster_is_missing = True
    cluster_id = admin.create()
    missed = admin.get("2.1/clusters/get", cluster_id=cluster_id)
    assert (missed.status, missed.message) == (400, f"Cluster {cluster_id} does not exist")
    assert [admin.state(cluster_id) for _ in range(2)] == ["PENDING", "RUNNING"]


def test_every_other_route_knows_the_new_cluster(workspace: Workspace, admin: Client) -> None:
    workspace.state.first_reads.cluster_is_missing = True
    cluster_id = admin.create()
    assert admin.get("2.0/libraries/cluster-status", cluster_id=cluster_id).status == 200
    assert [row["cluster_id"] for row in admin.get("2.1/clusters/list").body["clusters"]] == [cluster_id]


def test_cluster_that_was_there_before_is_not_missed(workspace: Workspace, admin: Client) -> None:
    cluster_id = admin.create()
    workspace.state.first_reads.cluster_is_missing = True
    assert admin.get("2.1/clusters/get", cluster_id=cluster_id).status == 200


def test_first_library_status_can_be_missing(workspace: Workspace, admin: Client) -> None:
    """C5: the status of a brand-new cluster may be 404 once."""
    workspace.state.first_reads.libraries_are_missing = True
    cluster_id = admin.create()
    replies = [admin.get("2.0/libraries/cluster-status", cluster_id=cluster_id) for _ in range(2)]
    assert [reply.status for reply in replies] == [404, 200]
    assert replies[0].code == "RESOURCE_DOES_NOT_EXIST"


def test_first_library_status_can_be_empty(workspace: Workspace, admin: Client) -> None:
    """C5: or tell of no libraries at all."""
    workspace.state.first_reads.libraries_are_empty = True
    cluster_id = admin.create()
    admin.post("2.0/libraries/install", cluster_id=cluster_id, libraries=[{"jar": "dbfs:/a.jar"}])
    replies = [admin.get("2.0/libraries/cluster-status", cluster_id=cluster_id) for _ in range(2)]
    assert replies[0].body == {"cluster_id": cluster_id}
    assert [(reply.status, "library_statuses" in reply.body) for reply in replies] == [(200, False), (200, True)]


def test_library_status_of_an_unknown_cluster_is_an_error(admin: Client) -> None:
    """C5: an unknown cluster is an error, however often it is asked for."""
    replies = [admin.get("2.0/libraries/cluster-status", cluster_id="0101-000000-unknown") for _ in range(2)]
    assert [reply.message for reply in replies] == ["Cluster 0101-000000-unknown does not exist"] * 2
