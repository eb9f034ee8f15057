"""The Clusters API: its routes; create and read a cluster; what a workspace offers."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call, Handler, Routes, routes_below
from sandbox.databricks.catalogue import node_types, spark_versions
from sandbox.databricks.clusters import cluster_edit, cluster_lifecycle
from sandbox.databricks.clusters.cluster import Cluster
from sandbox.databricks.clusters.cluster_access import cluster_of
from sandbox.databricks.clusters.cluster_events import list_events
from sandbox.databricks.clusters.cluster_list import list_clusters
from sandbox.databricks.clusters.cluster_view import details
from sandbox.databricks.clusters.first_reads import misses_cluster
from sandbox.databricks.errors import no_cluster
from sandbox.databricks.idempotency import idempotency_token
from sandbox.databricks.libraries.cluster_libraries import ClusterLibraries
from sandbox.databricks.permissions.access import CLUSTERS
from sandbox.databricks.policies.enforcement import check_may_create, check_share, policy_libraries
from sandbox.http.message import RequestRefusedError, Response

_LARGEST_REQUEST = 10 * 1024 * 1024


def cluster_routes() -> Routes:
    handlers: dict[str, Handler] = {
        "POST create": _create, "POST edit": cluster_edit.edit, "POST update": cluster_edit.update,
        "POST events": list_events, "POST start": cluster_lifecycle.start, "POST restart": cluster_lifecycle.restart,
        "POST resize": cluster_lifecycle.resize, "POST delete": cluster_lifecycle.delete,
        "POST permanent-delete": cluster_lifecycle.permanent_delete,
        "POST pin": cluster_lifecycle.pin, "POST unpin": cluster_lifecycle.unpin,
        "POST change-owner": cluster_lifecycle.change_owner,
        "GET get": _get, "GET list": list_clusters, "GET list-zones": _zones,
        "GET spark-versions": _spark_versions, "GET list-node-types": _node_types,
    }
    bounded = {name: _bounded(handler) for name, handler in handlers.items()}
    return [route for version in ("2.0", "2.1") for route in routes_below(f"/api/{version}/clusters", bounded)]


def _bounded(handler: Handler) -> Handler:
    """The limit is documented, what answers above it is not.

    https://learn.microsoft.com/en-us/azure/databricks/dev-tools/api/latest/clusters
    """
    def handle(call: Call) -> dict[str, Any] | Response:
        if len(call.request.body) > _LARGEST_REQUEST:
            raise RequestRefusedError(413, f"body is larger than {_LARGEST_REQUEST} bytes")
        return handler(call)

    return handle


def _create(call: Call) -> dict[str, Any]:
    state, fields = call.state, call.fields("clusters/create")
    check_may_create(state, call.caller, fields)
    token = idempotency_token(fields)
    made = state.clusters.made_with(token) if token else None
    if made is not None:
        return {"cluster_id": made.cluster_id}
    spec = cluster_edit.settled(call, cluster_edit.spec_of(fields), fields)
    check_share(state, call.caller, spec)
    libraries = ClusterLibraries()
    libraries.install([*policy_libraries(state, spec), *_cloned_libraries(call, fields)])
    cluster = Cluster(state.clusters.new_id(call.now), spec, cluster_edit.asked_of(fields), call.caller.name, libraries,
                      idempotency_token=token, unseen_by=state.first_reads.routes())
    state.clusters[cluster.cluster_id] = cluster
    state.access.add_object(CLUSTERS, cluster.cluster_id, call.caller)
    state.machine.begin(cluster, "CREATING")
    return {"cluster_id": cluster.cluster_id}


def _get(call: Call) -> dict[str, Any]:
    cluster = cluster_of(call, call.fields("clusters/get"), "CAN_ATTACH_TO")
    if misses_cluster(call.state.clusters, cluster):
        raise no_cluster(cluster.cluster_id)
    told = details(cluster, call.state.directory)
    call.state.clusters.read(cluster)
    return told


def _spark_versions(_: Call) -> dict[str, Any]:
    return {"versions": [{"key": key, "name": name} for key, name in spark_versions().items()]}


def _node_types(_: Call) -> dict[str, Any]:
    return {"node_types": [node.as_json() for node in node_types().values()]}


def _zones(_: Call) -> dict[str, Any]:
    """On Azure no field of a cluster takes a zone; what the service answers there is not documented."""
    return {"zones": [], "default_zone": ""}


def _cloned_libraries(call: Call, fields: dict[str, Any]) -> list[dict[str, Any]]:
    if "clone_from" not in fields:
        return []
    source = cluster_of(call, {"cluster_id": fields["clone_from"].get("source_cluster_id")}, "CAN_ATTACH_TO")
    return [status.library for status in source.libraries.statuses if not status.leaves]
