"""The Clusters API, second half: start, restart, resize, terminate, remove for good, pin."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.clusters.cluster import Cluster, TerminationReason
from sandbox.databricks.clusters.cluster_rules import check_size
from sandbox.databricks.errors import deny, refuse

_PIN_LIMIT = 100


def start(call: Call) -> dict[str, Any]:
    call.state.machine.start(call.cluster(call.fields("clusters/start"), "CAN_RESTART"), user=call.caller.name)
    return {}


def restart(call: Call) -> dict[str, Any]:
    call.state.machine.restart(call.cluster(call.fields("clusters/restart"), "CAN_RESTART"), user=call.caller.name)
    return {}


def resize(call: Call) -> dict[str, Any]:
    fields = call.fields("clusters/resize")
    cluster = call.cluster(fields, "CAN_MANAGE")
    size: dict[str, Any] = {name: fields[name] for name in ("num_workers", "autoscale") if name in fields}
    check_size(size)
    call.state.machine.resize(cluster, size, user=call.caller.name)
    return {}


def delete(call: Call) -> dict[str, Any]:
    cluster = call.cluster(call.fields("clusters/delete"), "CAN_MANAGE")
    call.state.machine.terminate(cluster, _by_request(call))
    return {}


def permanent_delete(call: Call) -> dict[str, Any]:
    cluster = call.cluster(call.fields("clusters/permanent-delete"), "CAN_MANAGE")
    if cluster.pinned_by is not None:
        refuse(f"Cluster {cluster.cluster_id} is pinned, unpin the cluster first")
    call.state.remove_cluster(cluster.cluster_id)
    return {}


def pin(call: Call) -> dict[str, Any]:
    cluster = _admins_cluster(call, "clusters/pin")
    if cluster.pinned_by is None:
        if len(call.state.clusters.pinned()) >= _PIN_LIMIT:
            refuse(f"At most {_PIN_LIMIT} clusters can be pinned")
        cluster.pinned_by = call.caller.name
        call.state.clusters.record(cluster, call.now, "PINNED", user=call.caller.name)
        call.state.clusters.changed(cluster)
    return {}


def unpin(call: Call) -> dict[str, Any]:
    cluster = _admins_cluster(call, "clusters/unpin")
    if cluster.pinned_by is not None:
        cluster.pinned_by, cluster.unpinned_time = None, call.now
        call.state.clusters.record(cluster, call.now, "UNPINNED", user=call.caller.name)
        call.state.clusters.changed(cluster)
    return {}


def _admins_cluster(call: Call, endpoint: str) -> Cluster:
    cluster = call.cluster(call.fields(endpoint), "CAN_MANAGE")
    if not call.state.directory.is_admin(call.caller):
        deny("Only admin users can pin and unpin clusters.")
    return cluster


def _by_request(call: Call) -> TerminationReason:
    return TerminationReason("USER_REQUEST", parameters={"username": call.caller.name}, message="Terminated by user")
