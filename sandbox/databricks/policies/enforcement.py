"""Holds a cluster specification against its policy: who may use it, what it fills in, what it refuses."""
from __future__ import annotations

from typing import Any, Protocol

from sandbox.databricks.clusters.cluster import Cluster
from sandbox.databricks.clusters.cluster_rules import check_init_scripts, check_spec
from sandbox.databricks.clusters.cluster_store import ClusterStore
from sandbox.databricks.directory import CLUSTER_CREATION, Directory, Principal
from sandbox.databricks.errors import deny, invalid
from sandbox.databricks.policies.attributes import Spec
from sandbox.databricks.policies.errors import may_not_use, policy_is_gone, too_many_clusters
from sandbox.databricks.policies.limits import filled, told, violations
from sandbox.databricks.policies.policy import Policy
from sandbox.databricks.policies.policy_store import Policies
from sandbox.databricks.policies.runtimes import resolved_runtime
from sandbox.databricks.policies.virtual_attributes import ALL_PURPOSE, virtual_attributes
from sandbox.databricks.pools.pool_store import Pools
from sandbox.databricks.pools.pool_use import pooled


class Enforcing(Protocol):
    """A workspace, as far as it concerns its policies; each field is described there."""

    directory: Directory
    clusters: ClusterStore
    policies: Policies
    pools: Pools
    policies_fill_fixed_values: bool


def check_may_create(state: Enforcing, caller: Principal, spec: Spec) -> None:
    """Who may not create just any cluster may create those of a policy that it may use."""
    directory = state.directory
    is_free = directory.is_admin(caller) or CLUSTER_CREATION in directory.entitlements_of(caller)
    if not is_free and not spec.get("policy_id"):
        deny("You are not authorized to create clusters. Please contact your administrator.")


def settled_spec(state: Enforcing, caller: Principal, asked: Spec, *, apply_defaults: bool,
                 cluster_type: str = ALL_PURPOSE) -> Spec:
    """What a cluster is made of: `asked`, what its policy fills in, and the node types of its pools.

    Refused where the policy, all violations in one message, or the service itself forbids it. Fixed values are filled
    in always, as the service's present text says, unless the state's switch `policies_fill_fixed_values` is off:
    https://github.com/databricks/terraform-provider-databricks/issues/403.
    """
    spec, policy = asked, None
    if asked.get("policy_id"):
        policy = _usable(state, caller, asked["policy_id"])
        fixed = apply_defaults or state.policies_fill_fixed_values
        spec = _filled(asked, policy, with_fixed=fixed, with_defaults=apply_defaults)
    whole = pooled(state.pools, caller, spec)
    problems = violations(policy.rules, whole, virtual_attributes(whole, cluster_type)) if policy is not None else {}
    if problems:
        raise invalid(told(problems))
    check_spec(spec)
    check_init_scripts(spec)
    return whole


def check_share(state: Enforcing, caller: Principal, spec: Spec, *, besides: str = "") -> None:
    """Refuse one active cluster too many of `caller` under the policy; `besides` is one that does not count."""
    policy = state.policies.find(spec.get("policy_id", ""))
    most = policy.settings.get("max_clusters_per_user") if policy is not None else None
    if policy is None or most is None:
        return
    mine = [cluster for cluster in state.clusters.of_policy(policy.policy_id)
            if cluster.is_active and cluster.creator == caller.name and cluster.cluster_id != besides]
    if len(mine) >= most:
        raise too_many_clusters(caller.name, most, policy.policy_id)


def check_editable(state: Enforcing, cluster: Cluster) -> None:
    """A cluster whose policy was deleted goes on running, but stays as it is."""
    policy_id = cluster.spec.get("policy_id")
    if policy_id and state.policies.find(policy_id) is None:
        raise policy_is_gone(cluster.cluster_id, policy_id)


def policy_libraries(state: Enforcing, spec: Spec) -> list[dict[str, Any]]:
    """What the policy installs on its clusters."""
    policy = state.policies.find(spec.get("policy_id", ""))
    return list(policy.settings.get("libraries", ())) if policy is not None else []


def _usable(state: Enforcing, caller: Principal, policy_id: str) -> Policy:
    policy = state.policies.policy(policy_id)
    if not state.policies.may_use(policy_id, caller):
        raise may_not_use(caller.name, policy_id)
    return policy


def _filled(asked: Spec, policy: Policy, *, with_fixed: bool, with_defaults: bool) -> Spec:
    spec = filled(asked, policy.rules, with_fixed=with_fixed, with_defaults=with_defaults)
    key = spec.get("spark_version")
    return {**spec, "spark_version": resolved_runtime(key)} if isinstance(key, str) else spec
