"""Clusters that take their machines from a pool."""
from __future__ import annotations

import math
from typing import Any

from sandbox.databricks.clusters.cluster import Cluster, TerminationReason
from sandbox.databricks.clusters.cluster_size import workers_of
from sandbox.databricks.clusters.cluster_store import ClusterStore
from sandbox.databricks.directory import Principal
from sandbox.databricks.errors import no_permission, refuse
from sandbox.databricks.pools.pool import Pool
from sandbox.databricks.pools.pool_store import Pools

_FIELDS = {"instance_pool_id": "node_type_id", "driver_instance_pool_id": "driver_node_type_id"}
_STARTING = {"PENDING", "RESTARTING"}
_RUNNING = {"RUNNING", "RESIZING", "TERMINATING"}


def pooled(pools: Pools, caller: Principal, spec: dict[str, Any]) -> dict[str, Any]:
    """`spec` with the node types of the pools it names, each of which the caller must be allowed to attach to."""
    if spec.get("driver_instance_pool_id") and not spec.get("instance_pool_id"):
        refuse("driver_instance_pool_id must be specified together with instance_pool_id")
    types = {}
    for field, type_field in _FIELDS.items():
        if spec.get(field):
            pool = pools.pool(spec[field])
            if pools.level(pool.pool_id, caller) < 0:
                raise no_permission(caller.name, "Attach", f"instance pool {pool.pool_id}")
            types[type_field] = pool.node_type_id
    return {**spec, **types}


def unpooled(spec: dict[str, Any]) -> dict[str, Any]:
    """`spec` as a request would say it: without the node types that came from its pools."""
    given = {type_field for field, type_field in _FIELDS.items() if spec.get(field)}
    return {name: value for name, value in spec.items() if name not in given}


def pool_failure(pools: Pools, clusters: ClusterStore, cluster: Cluster) -> TerminationReason | None:
    """Why a cluster that is about to start gets no machines: a pool is gone, or has no more."""
    for pool_id in dict.fromkeys(cluster.spec[field] for field in _FIELDS if cluster.spec.get(field)):
        about = {"instance_pool_id": pool_id}
        pool = pools.find(pool_id)
        if pool is None:
            return TerminationReason("INSTANCE_POOL_NOT_FOUND", "CLIENT_ERROR", about,
                                     f"Instance pool {pool_id} does not exist")
        others = [other for other in clusters.of_pool(pool_id) if other is not cluster]
        stats, most = pool_stats(pool, others), pool.settings.get("max_capacity", math.inf)
        if stats["used_count"] + stats["pending_used_count"] + _machines(cluster, pool_id) > most:
            return TerminationReason("INSTANCE_POOL_MAX_CAPACITY_REACHED", "CLIENT_ERROR", about,
                                     f"Instance pool {pool_id} has at most {most} instances")
    return None


def pool_stats(pool: Pool, clusters: list[Cluster]) -> dict[str, int]:
    """How many machines its clusters have and wait for; idle ones are as many as are to be kept."""
    used, pending = 0, 0
    for cluster in clusters:
        machines = _machines(cluster, pool.pool_id)
        used += machines if cluster.state in _RUNNING else 0
        pending += machines if cluster.state in _STARTING else 0
    return {"used_count": used, "idle_count": pool.settings.get("min_idle_instances", 0),
            "pending_used_count": pending, "pending_idle_count": 0}


def _machines(cluster: Cluster, pool_id: str) -> int:
    spec = cluster.spec
    workers = workers_of(spec) if spec.get("instance_pool_id") == pool_id else 0
    driver_pool = spec.get("driver_instance_pool_id") or spec.get("instance_pool_id")
    return workers + int(driver_pool == pool_id)
