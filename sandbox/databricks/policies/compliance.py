"""Clusters whose policy was changed after they were made: what is wrong with them, and how it is put right."""
from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from typing import Any

from sandbox.databricks.clusters.cluster import Cluster
from sandbox.databricks.policies.attributes import OPEN_MAPS, Spec, put, remove, steps_of, value_at
from sandbox.databricks.policies.definition import FIXED, FORBIDDEN, Rule
from sandbox.databricks.policies.enforcement import Enforcing
from sandbox.databricks.policies.limits import text_of, violations
from sandbox.databricks.policies.virtual_attributes import ALL_PURPOSE, JOB, virtual_attributes


def violations_of(state: Enforcing, cluster: Cluster) -> dict[str, str]:
    """By attribute path; none without a policy, or where it was deleted."""
    policy = state.policies.find(cluster.spec.get("policy_id", ""))
    if policy is None:
        return {}
    kind = JOB if cluster.source == "JOB" else ALL_PURPOSE
    return violations(policy.rules, cluster.spec, virtual_attributes(cluster.spec, kind))


def put_right(spec: Spec, rules: Sequence[Rule], wrong: Sequence[str]) -> Spec:
    """`spec` with the fixed or default values of the attributes that are wrong, and without forbidden ones.

    What has neither stays as it is: the policy itself refuses it then.
    """
    changed = copy.deepcopy(spec)
    by_path = {rule.path: rule for rule in rules}
    for path in wrong:
        rule = by_path.get(path)
        if rule is None:
            continue
        value = rule.limit if rule.type == FIXED else rule.default
        if rule.type == FORBIDDEN:
            remove(changed, rule.steps)
        elif value is not None:
            put(changed, rule.steps, text_of(value) if rule.steps[0] in OPEN_MAPS else value)
    return changed


def changes(before: Spec, after: Spec, paths: Sequence[str]) -> list[dict[str, Any]]:
    """As the service tells them: values as JSON texts."""
    rows = [(path, value_at(before, steps_of(path)), value_at(after, steps_of(path))) for path in paths]
    return [{"field": path, "previous_value": json.dumps(old), "new_value": json.dumps(new)}
            for path, old, new in rows if old != new]
