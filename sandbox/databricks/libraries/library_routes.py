"""The Libraries API of clusters."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call, Routes, routes_below
from sandbox.databricks.clusters.cluster import Cluster
from sandbox.databricks.clusters.cluster_access import cluster_of
from sandbox.databricks.clusters.first_reads import misses_libraries
from sandbox.databricks.errors import ApiError, deny, invalid_state, not_found, refuse_missing
from sandbox.databricks.libraries.library_package import check_entry, skips_shared
from sandbox.databricks.permissions.access import CLUSTERS


def library_routes() -> Routes:
    return routes_below("/api/2.0/libraries", {
        "POST install": _install, "POST uninstall": _uninstall,
        "GET cluster-status": _cluster_status, "GET all-cluster-statuses": _all_cluster_statuses,
    })


def _install(call: Call) -> dict[str, Any]:
    fields = call.fields("libraries/install")
    cluster = _managed(call, fields)
    entries = _entries(fields)
    if cluster.state == "TERMINATED" and not call.state.installs_on_stopped:
        message = f"Cluster {cluster.cluster_id} is terminated; start it before installing libraries"
        raise invalid_state(message)
    cluster.libraries.install(entries)
    cluster.last_activity = call.now
    call.state.clusters.changed(cluster)
    call.state.machine.settle(cluster)
    return {}


def _uninstall(call: Call) -> dict[str, Any]:
    fields = call.fields("libraries/uninstall")
    cluster = _managed(call, fields)
    if fields.get("libraries") == []:
        raise _nothing_to_uninstall()
    cluster.libraries.uninstall(_entries(fields), active=cluster.is_active)
    call.state.clusters.changed(cluster)
    return {}


def _cluster_status(call: Call) -> dict[str, Any]:
    cluster = cluster_of(call, call.fields("libraries/cluster-status"), "CAN_ATTACH_TO")
    if not misses_libraries(call.state.clusters, cluster):
        return _status(call, cluster)
    if call.state.first_reads.libraries_are_missing:
        message = f"Cluster {cluster.cluster_id} does not exist"
        raise not_found(message)
    return {"cluster_id": cluster.cluster_id}


def _all_cluster_statuses(call: Call) -> dict[str, Any]:
    state = call.state
    identities = call.identities
    rows = []
    state.machine.settle_due()
    for cluster in state.clusters.with_libraries():
        if (not state.is_forgotten(cluster)
                and state.access.level_through(CLUSTERS, cluster.cluster_id, identities) >= 0):
            rows.append(_status(call, cluster))
    return {"statuses": rows} if rows else {}


def _status(call: Call, cluster: Cluster) -> dict[str, Any]:
    """Libraries of this cluster in the order they were added, those of all clusters, those that leave."""
    libraries = cluster.libraries
    rows = [*libraries.wanted(), *_shared(call, cluster), *libraries.leaving()]
    if libraries.read():
        call.state.clusters.changed(cluster)
    return {"cluster_id": cluster.cluster_id, **({"library_statuses": rows} if rows else {})}


def _shared(call: Call, cluster: Cluster) -> list[dict[str, Any]]:
    status = "PENDING"
    if cluster.state == "RUNNING":
        status = "SKIPPED" if skips_shared(cluster.spec["spark_version"]) else "INSTALLED"
    return [{"library": library, "status": status, "is_library_for_all_clusters": True}
            for library in call.state.libraries_for_all_clusters]


def _managed(call: Call, fields: dict[str, Any]) -> Cluster:
    cluster = cluster_of(call, fields, "CAN_ATTACH_TO")
    if call.state.access.level(CLUSTERS, cluster.cluster_id, call.caller) < CLUSTERS.rank("CAN_MANAGE"):
        deny("'Manage' permissions are required to install libraries on a cluster")
    return cluster


def _entries(fields: dict[str, Any]) -> list[dict[str, Any]]:
    if not fields.get("libraries"):
        refuse_missing("libraries")
    entries: list[dict[str, Any]] = fields["libraries"]
    for entry in entries:
        check_entry(entry)
    return entries


def _nothing_to_uninstall() -> ApiError:
    """The service has answered an empty list with its own failure, not with a complaint about the request."""
    return ApiError(500, "INTERNAL_ERROR", "There was an error processing the request: no libraries were given")
