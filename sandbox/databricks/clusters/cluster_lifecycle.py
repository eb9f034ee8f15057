"""The Clusters API for a cluster that is there: start, restart, resize, terminate, remove for good, pin, give away."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.clusters.cluster import Cluster, TerminationReason
from sandbox.databricks.clusters.cluster_access import cluster_of
from sandbox.databricks.clusters.cluster_rules import check_size
from sandbox.databricks.clusters.cluster_store import PINNED
from sandbox.databricks.directory import Principal, PrincipalKind
from sandbox.databricks.errors import deny, refuse, refuse_missing, unexpected_state, unknown_principal
from sandbox.databricks.permissions.access import CLUSTERS

_PIN_LIMIT = 100


def start(call: Call) -> dict[str, Any]:
    call.state.machine.start(cluster_of(call, call.fields("clusters/start"), "CAN_RESTART"), user=call.caller.name)
    return {}


def restart(call: Call) -> dict[str, Any]:
    call.state.machine.restart(cluster_of(call, call.fields("clusters/restart"), "CAN_RESTART"), user=call.caller.name)
    return {}


def resize(call: Call) -> dict[str, Any]:
    fields = call.fields("clusters/resize")
    cluster = cluster_of(call, fields, "CAN_MANAGE")
    size: dict[str, Any] = {name: fields[name] for name in ("num_workers", "autoscale") if name in fields}
    check_size(size)
    call.state.machine.resize(cluster, size, user=call.caller.name)
    return {}


def delete(call: Call) -> dict[str, Any]:
    cluster = cluster_of(call, call.fields("clusters/delete"), "CAN_MANAGE")
    call.state.machine.terminate(cluster, _by_request(call))
    return {}


def permanent_delete(call: Call) -> dict[str, Any]:
    cluster = cluster_of(call, call.fields("clusters/permanent-delete"), "CAN_MANAGE")
    if cluster.pinned_by is not None:
        refuse(f"Cluster {cluster.cluster_id} is pinned, unpin the cluster first")
    call.state.remove_cluster(cluster.cluster_id)
    return {}


def pin(call: Call) -> dict[str, Any]:
    cluster = _admins_cluster(call, call.fields("clusters/pin"), "pin and unpin clusters")
    if cluster.pinned_by is None:
        if call.state.clusters.count([PINNED]) >= _PIN_LIMIT:
            refuse(f"At most {_PIN_LIMIT} clusters can be pinned")
        cluster.pinned_by = call.caller.name
        call.state.clusters.record(cluster, call.now, "PINNED", user=call.caller.name)
        call.state.clusters.changed(cluster)
    return {}


def unpin(call: Call) -> dict[str, Any]:
    cluster = _admins_cluster(call, call.fields("clusters/unpin"), "pin and unpin clusters")
    if cluster.pinned_by is not None:
        cluster.pinned_by, cluster.unpinned_time = None, call.now
        call.state.clusters.record(cluster, call.now, "UNPINNED", user=call.caller.name)
        call.state.clusters.changed(cluster)
    return {}


def change_owner(call: Call) -> dict[str, Any]:
    """The owner is who the service tells as creator; one who becomes it can manage the cluster."""
    fields = call.fields("clusters/change-owner")
    cluster = _admins_cluster(call, fields, "change the owner of clusters")
    owner = _new_owner(call, fields)
    if cluster.state != "TERMINATED":
        raise unexpected_state(cluster.cluster_id, cluster.state)
    cluster.creator = owner.name
    call.state.access.change(CLUSTERS, cluster.cluster_id, replace=False, entries=[
        {owner.kind.value: owner.name, "permission_level": "CAN_MANAGE"}])
    call.state.clusters.changed(cluster)
    return {}


def _new_owner(call: Call, fields: dict[str, Any]) -> Principal:
    """The e-mail of a user, or the application id of a service principal."""
    name = fields.get("owner_username", "")
    if not name:
        refuse_missing("owner_username")
    owner = call.state.directory.someone(name)
    if owner is None:
        raise unknown_principal(PrincipalKind.USER.value, name)
    return owner


def _admins_cluster(call: Call, fields: dict[str, Any], action: str) -> Cluster:
    cluster = cluster_of(call, fields, "CAN_MANAGE")
    if not call.is_admin:
        deny(f"Only admin users can {action}.")
    return cluster


def _by_request(call: Call) -> TerminationReason:
    return TerminationReason("USER_REQUEST", parameters={"username": call.caller.name}, message="Terminated by user")
