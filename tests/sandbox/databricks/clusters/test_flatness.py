"""No request that concerns one cluster looks at all of them, nor does one page of a list."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.databricks.clusters.cluster import Cluster
from sandbox.databricks.clusters.cluster_machine import ClusterMachine
from sandbox.databricks.clusters.cluster_store import ClusterStore
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client


@pytest.fixture
def crowded(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Going over all of its clusters is an error."""
    def fail(_: ClusterStore) -> Iterator[str]:
        raise AssertionError

    workspace.add_foreign_clusters(300)
    monkeypatch.setattr(ClusterStore, "__iter__", fail)
    return workspace


@pytest.mark.usefixtures("crowded")
@pytest.mark.parametrize("action", ["pin", "delete", "start", "restart", "permanent-delete"])
def test_request_that_concerns_one_cluster_looks_at_one(admin: Client, action: str) -> None:
    cluster_id = admin.create(idempotency_token="one")
    assert admin.post(f"2.1/clusters/{action}", cluster_id=cluster_id).status in {200, 400}
    assert admin.get("2.1/clusters/get", cluster_id=cluster_id).status in {200, 400}


@pytest.mark.usefixtures("crowded")
def test_lists_look_at_none_they_do_not_tell(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    settled: list[Cluster] = []
    monkeypatch.setattr(ClusterMachine, "settle", lambda _, cluster: settled.append(cluster))
    assert len(admin.get("2.1/clusters/list", page_size="20").body["clusters"]) == 20
    assert admin.get("2.0/libraries/all-cluster-statuses").body == {}
    assert settled == []
