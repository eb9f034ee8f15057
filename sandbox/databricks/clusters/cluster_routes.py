"""The Clusters API: its routes; create, edit and read a cluster; what a workspace offers."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call, Routes
from sandbox.databricks.catalogue import node_types, spark_versions
from sandbox.databricks.clusters import cluster_lifecycle
from sandbox.databricks.clusters.cluster import Cluster
from sandbox.databricks.clusters.cluster_events import list_events
from sandbox.databricks.clusters.cluster_list import list_clusters
from sandbox.databricks.clusters.cluster_view import details
from sandbox.databricks.errors import refuse, refuse_missing
from sandbox.databricks.libraries.cluster_libraries import ClusterLibraries
from sandbox.databricks.permissions.access import CLUSTERS
from sandbox.databricks.policies import enforcement
from sandbox.databricks.pools.pool_use import unpooled

# Consumed by the request, never part of the specification.
_NOT_SPEC = {"cluster_id", "idempotency_token", "apply_policy_default_values", "clone_from"}


def cluster_routes() -> Routes:
    handlers = {
        "POST create": _create, "POST edit": _edit, "POST update": _update, "POST events": list_events,
        "POST start": cluster_lifecycle.start, "POST restart": cluster_lifecycle.restart,
        "POST resize": cluster_lifecycle.resize, "POST delete": cluster_lifecycle.delete,
        "POST permanent-delete": cluster_lifecycle.permanent_delete,
        "POST pin": cluster_lifecycle.pin, "POST unpin": cluster_lifecycle.unpin,
        "GET get": _get, "GET list": list_clusters,
        "GET spark-versions": _spark_versions, "GET list-node-types": _node_types,
    }
    return [(key.split()[0], f"/api/{version}/clusters/{key.split()[1]}", handler)
            for version in ("2.0", "2.1") for key, handler in handlers.items()]


def _create(call: Call) -> dict[str, Any]:
    state, fields = call.state, call.fields("clusters/create")
    enforcement.check_may_create(state, call.caller, fields)
    token = fields.get("idempotency_token", "")
    _check_token(token)
    made = state.clusters.made_with(token) if token else None
    if made is not None:
        return {"cluster_id": made.cluster_id}
    spec = _settled(call, _spec(fields), fields)
    enforcement.check_share(state, call.caller, spec)
    libraries = ClusterLibraries()
    libraries.install(enforcement.policy_libraries(state, spec))
    if "clone_from" in fields:
        source = call.cluster({"cluster_id": fields["clone_from"].get("source_cluster_id")}, "CAN_ATTACH_TO")
        libraries.install([status.library for status in source.libraries.statuses])
    cluster = Cluster(state.new_cluster_id(), spec, _asked(fields), call.caller.name, libraries,
                      idempotency_token=token)
    state.add_cluster(cluster)
    state.access.add_object(CLUSTERS, cluster.cluster_id, call.caller)
    state.machine.begin(cluster, "CREATING")
    return {"cluster_id": cluster.cluster_id}


def _edit(call: Call) -> dict[str, Any]:
    fields = call.fields("clusters/edit")
    cluster = call.cluster(fields, "CAN_MANAGE")
    enforcement.check_editable(call.state, cluster)
    _change(call, cluster, _settled(call, _spec(fields), fields), asked=_asked(fields))
    return {}


def _update(call: Call) -> dict[str, Any]:
    """A partial edit: a field of the mask that the request does not hold is removed."""
    fields = call.fields("clusters/update")
    cluster = call.cluster(fields, "CAN_MANAGE")
    enforcement.check_editable(call.state, cluster)
    names = [name.strip() for name in fields.get("update_mask", "").split(",") if name.strip()]
    if not names:
        refuse_missing("update_mask")
    wanted = fields.get("cluster", {})
    spec = dict(wanted) if names == ["*"] else unpooled(cluster.spec)
    for name in names if names != ["*"] else ():
        if "." in name:
            refuse(f"update_mask: nested field {name!r} is not modelled by the sandbox")
        spec.pop(name, None)
        spec.update({name: wanted[name]} if name in wanted else {})
    _change(call, cluster, _settled(call, spec, wanted), asked=spec)
    return {}


def _settled(call: Call, spec: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    defaults = fields.get("apply_policy_default_values", False)
    return enforcement.settled_spec(call.state, call.caller, spec, apply_defaults=defaults)


def _change(call: Call, cluster: Cluster, spec: dict[str, Any], *, asked: dict[str, Any]) -> None:
    enforcement.check_share(call.state, call.caller, spec, besides=cluster.cluster_id)
    call.state.machine.edit(cluster, spec, asked=asked, user=call.caller.name)
    cluster.libraries.install(enforcement.policy_libraries(call.state, spec))
    call.state.clusters.changed(cluster)


def _get(call: Call) -> dict[str, Any]:
    cluster = call.cluster(call.fields("clusters/get"), "CAN_ATTACH_TO")
    told = details(cluster)
    call.state.clusters.read(cluster)
    return told


def _spark_versions(_: Call) -> dict[str, Any]:
    return {"versions": [{"key": key, "name": name} for key, name in spark_versions().items()]}


def _node_types(_: Call) -> dict[str, Any]:
    return {"node_types": [node.as_json() for node in node_types().values()]}


def _check_token(token: str) -> None:
    if len(token) > 64:
        refuse("idempotency_token: at most 64 characters are allowed")


def _spec(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in _NOT_SPEC}


def _asked(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in {"cluster_id", "idempotency_token"}}
