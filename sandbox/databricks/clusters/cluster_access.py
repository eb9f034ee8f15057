"""The cluster a request names, for a caller who may do what it asks."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.clusters.cluster import Cluster
from sandbox.databricks.errors import no_permission, refuse_missing
from sandbox.databricks.permissions.access import CLUSTERS

_NEEDED = {"CAN_ATTACH_TO": "Attach", "CAN_RESTART": "Restart", "CAN_MANAGE": "Manage"}


def cluster_of(call: Call, fields: dict[str, Any], level: str) -> Cluster:
    """As it is by now, if the caller has at least `level` on it. Existence comes before rights, as the service does."""
    if not fields.get("cluster_id"):
        refuse_missing("cluster_id")
    cluster = call.state.cluster(fields["cluster_id"])
    if call.state.access.level(CLUSTERS, cluster.cluster_id, call.caller) < CLUSTERS.rank(level):
        raise no_permission(call.caller.name, _NEEDED[level], cluster.cluster_id)
    return cluster
