"""clusters/edit and clusters/update: another specification, given whole or in parts."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.clusters.cluster import Cluster
from sandbox.databricks.clusters.cluster_access import cluster_of
from sandbox.databricks.clusters.cluster_view import access_mode
from sandbox.databricks.clusters.update_mask import mask_of, masked
from sandbox.databricks.policies.enforcement import check_editable, check_share, policy_libraries, settled_spec
from sandbox.databricks.pools.pool_use import unpooled

# Consumed by the request, never part of the specification.
_NOT_SPEC = {"cluster_id", "idempotency_token", "apply_policy_default_values", "clone_from"}
# The user of a dedicated cluster is the one who asked for it: docs say the field is filled in where it is empty.
_DEDICATED = "SINGLE_USER"


def edit(call: Call) -> dict[str, Any]:
    fields = call.fields("clusters/edit")
    cluster = cluster_of(call, fields, "CAN_MANAGE")
    check_editable(call.state, cluster)
    _change(call, cluster, settled(call, spec_of(fields), fields), asked=asked_of(fields))
    return {}


def update(call: Call) -> dict[str, Any]:
    """A partial edit: a field of the mask that the request does not hold is removed."""
    fields = call.fields("clusters/update")
    cluster = cluster_of(call, fields, "CAN_MANAGE")
    check_editable(call.state, cluster)
    wanted = fields.get("cluster", {})
    spec = masked(unpooled(cluster.spec), wanted, mask_of(fields.get("update_mask", "")))
    _change(call, cluster, settled(call, spec, wanted), asked=spec)
    return {}


def settled(call: Call, spec: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """What a cluster is made of when `spec` was asked for; refused where its policy or the service forbids it."""
    defaults = fields.get("apply_policy_default_values", False)
    whole = settled_spec(call.state, call.caller, spec, apply_defaults=defaults)
    if access_mode(whole) == _DEDICATED and not whole.get("single_user_name"):
        return {**whole, "single_user_name": call.caller.name}
    return whole


def spec_of(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in _NOT_SPEC}


def asked_of(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in {"cluster_id", "idempotency_token"}}


def _change(call: Call, cluster: Cluster, spec: dict[str, Any], *, asked: dict[str, Any]) -> None:
    check_share(call.state, call.caller, spec, besides=cluster.cluster_id)
    call.state.machine.edit(cluster, spec, asked=asked, user=call.caller.name)
    cluster.libraries.install(policy_libraries(call.state, spec))
    call.state.clusters.changed(cluster)
