"""The Policy Compliance API for jobs: it is about the clusters that a job makes for its runs.

https://docs.databricks.com/api/jobs/v2/policy-compliance.md
"""
from __future__ import annotations

import copy
from typing import Any

from sandbox.databricks.call import Call, Routes
from sandbox.databricks.errors import refuse
from sandbox.databricks.jobs.job import Settings
from sandbox.databricks.jobs.job_access import job_of
from sandbox.databricks.jobs.job_clusters import owners
from sandbox.databricks.policies.attributes import Spec
from sandbox.databricks.policies.compliance import changes, put_right
from sandbox.databricks.policies.compliance_pages import compliance_page, policy_of
from sandbox.databricks.policies.limits import filled, violations
from sandbox.databricks.policies.runtimes import resolved_runtime
from sandbox.databricks.policies.virtual_attributes import JOB, virtual_attributes
from sandbox.databricks.replies import without_empty
from sandbox.databricks.state import WorkspaceState

_PATH = "/api/2.0/policies/jobs"
_MOST_VIOLATIONS = 200


def job_compliance_routes() -> Routes:
    return [("GET", f"{_PATH}/get-compliance", _get), ("GET", f"{_PATH}/list-compliance", _list),
            ("POST", f"{_PATH}/enforce-compliance", _enforce)]


def _get(call: Call) -> dict[str, Any]:
    return _told(call.state, job_of(call, call.fields("policies/jobs/get-compliance"), "CAN_VIEW").settings)


def _list(call: Call) -> dict[str, Any]:
    fields = call.fields("policies/jobs/list-compliance", "policy_id")
    jobs, token = compliance_page(call.state.jobs.of_policy(policy_of(call, fields, "jobs")), fields)
    rows = [{"job_id": job.job_id, **_told(call.state, job.settings)} for job in jobs]
    return {**without_empty(jobs=rows), "next_page_token": token}


def _enforce(call: Call) -> dict[str, Any]:
    """Takes what the policies fix or have as default; refused where that does not suffice."""
    fields = call.fields("policies/jobs/enforce-compliance")
    job = job_of(call, fields, "CAN_MANAGE")
    settings = copy.deepcopy(job.settings)
    rows = [row for place, owner in owners(settings) for row in _put_right(call.state, place, owner)]
    problems = _problems(call.state, settings)
    if problems:
        refuse("; ".join(f"Validation failed for {place}, {problem}" for place, problem in problems.items()))
    if rows and not fields.get("validate_only", False):
        call.state.jobs.change(job, settings, run_as=job.run_as)
    return {"has_changes": bool(rows), "job_cluster_changes": rows, "settings": settings}


def _put_right(state: WorkspaceState, place: str, owner: Settings) -> list[dict[str, Any]]:
    """Changes the cluster of `owner`, and tells what was changed."""
    spec = owner["new_cluster"]
    wrong = list(_wrong(state, spec))
    if not wrong:
        return []
    right = put_right(spec, state.policies.policy(spec["policy_id"]).rules, wrong)
    if "spark_version" in wrong and "spark_version" in right:
        right["spark_version"] = resolved_runtime(right["spark_version"])
    owner["new_cluster"] = right
    return [{**row, "field": f"{place}.{row['field']}"} for row in changes(spec, right, wrong)]


def _told(state: WorkspaceState, settings: Settings) -> dict[str, Any]:
    problems = _problems(state, settings)
    shown = {place: f"Validation failed for {place.rpartition('new_cluster.')[2]}, {problem}"
             for place, problem in list(problems.items())[:_MOST_VIOLATIONS]}
    return {"is_compliant": not problems, "violations": shown}


def _problems(state: WorkspaceState, settings: Settings) -> dict[str, str]:
    """What is wrong, by its place in the settings."""
    return {f"{place}.{path}": problem for place, owner in owners(settings)
            for path, problem in _wrong(state, owner["new_cluster"]).items()}


def _wrong(state: WorkspaceState, spec: Spec) -> dict[str, str]:
    """By attribute path: what the policy would refuse once a run asks for the cluster."""
    policy = state.policies.find(spec.get("policy_id", ""))
    if policy is None:
        return {}
    with_defaults = spec.get("apply_policy_default_values", False)
    whole = filled(spec, policy.rules, with_fixed=with_defaults or state.policies_fill_fixed_values,
                   with_defaults=with_defaults)
    return violations(policy.rules, whole, virtual_attributes(whole, JOB))
