"""Clusters of somebody else, many at once."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.clusters.cluster import Cluster
from sandbox.databricks.directory import USERS, Principal, PrincipalKind
from sandbox.databricks.permissions.access import CLUSTERS
from sandbox.databricks.state import WorkspaceState

_SPEC = {"spark_version": "15.4.x-scala2.12", "node_type_id": "Standard_DS3_v2", "num_workers": 1}


def add_foreign_clusters(workspace: WorkspaceState, count: int, *, name: str = "team-{number}",
                         owner: str = "owner@example.test", state: str = "TERMINATED", visible: bool = True,
                         **spec: Any) -> list[str]:  # noqa: ANN401 - REST fields
    """Their ids. `visible` lets everyone attach, so that everyone sees them."""
    with workspace.lock:
        creator = workspace.directory.add(PrincipalKind.USER, owner)
        ids = [_add(workspace, creator, {"cluster_name": name.format(number=number), **_SPEC, **spec}, state)
               for number in range(count)]
        for cluster_id in ids if visible else ():
            workspace.access.change(CLUSTERS, cluster_id, replace=False, entries=[
                {"group_name": USERS, "permission_level": "CAN_ATTACH_TO"}])
        return ids


def _add(workspace: WorkspaceState, creator: Principal, spec: dict[str, Any], state: str) -> str:
    now = workspace.clock.now()
    cluster = Cluster(workspace.clusters.new_id(now), spec, spec, creator.name, source="UI", state=state,
                      start_time=now, running_since=now, last_activity=now,
                      terminated_time=now if state == "TERMINATED" else None)
    workspace.clusters[cluster.cluster_id] = cluster
    workspace.access.add_object(CLUSTERS, cluster.cluster_id, creator)
    return cluster.cluster_id
