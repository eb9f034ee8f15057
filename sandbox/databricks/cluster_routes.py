"""The Clusters API: create, edit, start, restart, resize, delete, pin, and what a workspace offers."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.access import CLUSTERS
from sandbox.databricks.call import Call, Routes
from sandbox.databricks.catalogue import node_types, spark_versions
from sandbox.databricks.cluster import Cluster, TerminationReason
from sandbox.databricks.cluster_events import list_events
from sandbox.databricks.cluster_libraries import ClusterLibraries
from sandbox.databricks.cluster_list import list_clusters
from sandbox.databricks.cluster_rules import check_size, check_spec
from sandbox.databricks.cluster_view import details
from sandbox.databricks.directory import CLUSTER_CREATION
from sandbox.databricks.errors import deny, refuse, refuse_missing

# Consumed by the request, never part of the specification.
_NOT_SPEC = {"cluster_id", "idempotency_token", "apply_policy_default_values", "clone_from"}
_PIN_LIMIT = 100


def cluster_routes() -> Routes:
    handlers = {
        "POST create": _create, "POST edit": _edit, "POST update": _update, "POST start": _start,
        "POST restart": _restart, "POST resize": _resize, "POST delete": _delete,
        "POST permanent-delete": _permanent_delete, "POST pin": _pin, "POST unpin": _unpin,
        "POST events": list_events, "GET get": _get, "GET list": list_clusters,
        "GET spark-versions": _spark_versions, "GET list-node-types": _node_types,
    }
    return [(key.split()[0], f"/api/{version}/clusters/{key.split()[1]}", handler)
            for version in ("2.0", "2.1") for key, handler in handlers.items()]


def _create(call: Call) -> dict[str, Any]:
    state, fields = call.state, call.fields("clusters/create")
    if CLUSTER_CREATION not in call.caller.entitlements and not state.directory.is_admin(call.caller):
        deny("You are not authorized to create clusters. Please contact your administrator.")
    token = fields.get("idempotency_token", "")
    _check_token(token)
    for cluster in state.clusters.values():
        if token and cluster.idempotency_token == token and cluster.is_active:
            return {"cluster_id": cluster.cluster_id}
    spec = _spec(fields)
    check_spec(spec)
    libraries = ClusterLibraries(state.library_failures)
    if "clone_from" in fields:
        source = call.cluster({"cluster_id": fields["clone_from"].get("source_cluster_id")}, "CAN_ATTACH_TO")
        libraries.install([status.library for status in source.libraries.statuses])
    cluster = Cluster(state.new_cluster_id(), spec, _asked(fields), call.caller.name, libraries,
                      idempotency_token=token)
    state.add_cluster(cluster)
    state.access.add_object(CLUSTERS, cluster.cluster_id, call.caller)
    state.machine.begin(cluster, call.now, "CREATING")
    return {"cluster_id": cluster.cluster_id}


def _edit(call: Call) -> dict[str, Any]:
    fields = call.fields("clusters/edit")
    cluster = call.cluster(fields, "CAN_MANAGE")
    spec = _spec(fields)
    check_spec(spec)
    call.state.machine.edit(cluster, spec, _asked(fields), call.now)
    return {}


def _update(call: Call) -> dict[str, Any]:
    """A partial edit: a field of the mask that the request does not hold is removed."""
    fields = call.fields("clusters/update")
    cluster = call.cluster(fields, "CAN_MANAGE")
    names = [name.strip() for name in fields.get("update_mask", "").split(",") if name.strip()]
    if not names:
        refuse_missing("update_mask")
    wanted = fields.get("cluster", {})
    spec = dict(wanted) if names == ["*"] else {**cluster.spec}
    for name in names if names != ["*"] else ():
        if "." in name:
            refuse(f"update_mask: nested field {name!r} is not modelled by the sandbox")
        spec.pop(name, None)
        spec.update({name: wanted[name]} if name in wanted else {})
    check_spec(spec)
    call.state.machine.edit(cluster, spec, spec, call.now)
    return {}


def _start(call: Call) -> dict[str, Any]:
    call.state.machine.start(call.cluster(call.fields("clusters/start"), "CAN_RESTART"), call.now)
    return {}


def _restart(call: Call) -> dict[str, Any]:
    call.state.machine.restart(call.cluster(call.fields("clusters/restart"), "CAN_RESTART"), call.now)
    return {}


def _resize(call: Call) -> dict[str, Any]:
    fields = call.fields("clusters/resize")
    cluster = call.cluster(fields, "CAN_MANAGE")
    size: dict[str, Any] = {name: fields[name] for name in ("num_workers", "autoscale") if name in fields}
    check_size(size)
    call.state.machine.resize(cluster, size, call.now)
    return {}


def _delete(call: Call) -> dict[str, Any]:
    cluster = call.cluster(call.fields("clusters/delete"), "CAN_MANAGE")
    call.state.machine.terminate(cluster, _by_request(call), call.now)
    return {}


def _permanent_delete(call: Call) -> dict[str, Any]:
    cluster = call.cluster(call.fields("clusters/permanent-delete"), "CAN_MANAGE")
    if cluster.pinned_by is not None:
        refuse(f"Cluster {cluster.cluster_id} is pinned, unpin the cluster first")
    call.state.remove_cluster(cluster.cluster_id)
    return {}


def _pin(call: Call) -> dict[str, Any]:
    cluster = _admins_cluster(call, "clusters/pin")
    pinned = sum(1 for other in call.state.clusters.values() if other.pinned_by is not None)
    if cluster.pinned_by is None:
        if pinned >= _PIN_LIMIT:
            refuse(f"At most {_PIN_LIMIT} clusters can be pinned")
        cluster.pinned_by = call.caller.name
        cluster.record(call.now, "PINNED", user=call.caller.name)
    return {}


def _unpin(call: Call) -> dict[str, Any]:
    cluster = _admins_cluster(call, "clusters/unpin")
    if cluster.pinned_by is not None:
        cluster.pinned_by = None
        cluster.record(call.now, "UNPINNED", user=call.caller.name)
    return {}


def _get(call: Call) -> dict[str, Any]:
    return details(call.cluster(call.fields("clusters/get"), "CAN_ATTACH_TO"))


def _spark_versions(_: Call) -> dict[str, Any]:
    return {"versions": [{"key": key, "name": name} for key, name in spark_versions().items()]}


def _node_types(_: Call) -> dict[str, Any]:
    return {"node_types": [node.as_json() for node in node_types().values()]}


def _admins_cluster(call: Call, endpoint: str) -> Cluster:
    cluster = call.cluster(call.fields(endpoint), "CAN_MANAGE")
    if not call.state.directory.is_admin(call.caller):
        deny("Only admin users can pin and unpin clusters.")
    return cluster


def _by_request(call: Call) -> TerminationReason:
    return TerminationReason("USER_REQUEST", parameters={"username": call.caller.name}, message="Terminated by user")


def _check_token(token: str) -> None:
    if len(token) > 64:
        refuse("idempotency_token: at most 64 characters are allowed")


def _spec(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in _NOT_SPEC}


def _asked(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in {"cluster_id", "idempotency_token"}}
