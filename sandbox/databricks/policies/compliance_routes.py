"""The Policy Compliance API for clusters."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call, Routes
from sandbox.databricks.clusters.cluster import Cluster
from sandbox.databricks.clusters.cluster_access import cluster_of
from sandbox.databricks.errors import invalid_state, not_found, not_modelled
from sandbox.databricks.policies.compliance import changes, put_right, violations_of
from sandbox.databricks.policies.compliance_pages import compliance_page, policy_of
from sandbox.databricks.policies.enforcement import check_editable, settled_spec
from sandbox.databricks.pools.pool_use import unpooled
from sandbox.databricks.replies import without_empty

_PATH = "/api/2.0/policies/clusters"


def compliance_routes() -> Routes:
    return [("GET", f"{_PATH}/get-compliance", _get), ("GET", f"{_PATH}/list-compliance", _list),
            ("POST", f"{_PATH}/enforce-compliance", _enforce),
            ("POST", f"{_PATH}:cancelPendingClusterEnforcement", _cancel_pending)]


def _get(call: Call) -> dict[str, Any]:
    return _told(call, cluster_of(call, call.fields("policies/clusters/get-compliance"), "CAN_ATTACH_TO"))


def _list(call: Call) -> dict[str, Any]:
    fields = call.fields("policies/clusters/list-compliance", "policy_id")
    clusters, token = compliance_page(call.state.clusters.of_policy(policy_of(call, fields, "clusters")), fields)
    rows = [{"cluster_id": cluster.cluster_id, **_told(call, cluster)} for cluster in clusters]
    return {**without_empty(clusters=rows), "next_page_token": token}


def _enforce(call: Call) -> dict[str, Any]:
    """A running cluster restarts, one that is down stays down."""
    fields = call.fields("policies/clusters/enforce-compliance")
    cluster = cluster_of(call, fields, "CAN_MANAGE")
    if fields.get("enforce_mode", "ENFORCE_IMMEDIATELY") != "ENFORCE_IMMEDIATELY":
        mode = f"enforce_mode {fields['enforce_mode']}"
        raise not_modelled(mode)
    if cluster.source == "JOB":
        message = f"Cluster {cluster.cluster_id} was made by a job run; enforce the policy on the job"
        raise invalid_state(message)
    check_editable(call.state, cluster)
    wrong = list(violations_of(call.state, cluster))
    if not wrong:
        return {"has_changes": False, "changes": []}
    wanted = put_right(unpooled(cluster.spec), call.state.policies.policy(cluster.spec["policy_id"]).rules, wrong)
    spec = settled_spec(call.state, call.caller, wanted, apply_defaults=True)
    rows = changes(cluster.spec, spec, wrong)
    if not fields.get("validate_only", False):
        call.state.machine.edit(cluster, spec, asked=wanted, user=call.caller.name)
    return {"has_changes": bool(rows), "changes": rows}


def _cancel_pending(call: Call) -> dict[str, Any]:
    """Nothing ever waits for a termination here, so there is nothing to cancel."""
    fields = call.fields("policies/clusters:cancelPendingClusterEnforcement")
    cluster = cluster_of(call, fields, "CAN_MANAGE")
    if not fields.get("allow_missing", False):
        message = f"No policy enforcement is pending for cluster {cluster.cluster_id}"
        raise not_found(message)
    return {}


def _told(call: Call, cluster: Cluster) -> dict[str, Any]:
    problems = violations_of(call.state, cluster)
    return {"is_compliant": not problems, "violations": problems}
