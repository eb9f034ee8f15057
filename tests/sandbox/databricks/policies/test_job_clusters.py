"""Clusters of job runs under a policy: it is looked at when the cluster is made."""
from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import NEW_CLUSTER, task
from tests.sandbox.databricks.policies.conftest import MakePolicy
from tests.sandbox.databricks.runs.driving import finish, start_new

JOBS_ONLY = {"cluster_type": {"type": "fixed", "value": "job"}, "num_workers": {"type": "range", "maxValue": 3},
             "node_type_id": {"type": "unlimited", "defaultValue": "Standard_DS4_v2"}}


def run(client: Client, **cluster: Any) -> dict[str, Any]:
    return finish(client, start_new(client, tasks=[task("a", new_cluster={**NEW_CLUSTER, **cluster})]))


def job_cluster(client: Client, **cluster: Any) -> dict[str, Any]:
    start_new(client, tasks=[task("a", new_cluster={**NEW_CLUSTER, **cluster})])
    return dict(client.get("2.1/clusters/list").body["clusters"][0])


def test_job_cluster_keeps_to_its_policy(admin: Client, make_policy: MakePolicy) -> None:
    """B14: cluster_type is that of a job."""
    assert run(admin, policy_id=make_policy(JOBS_ONLY))["state"]["result_state"] == "SUCCESS"


@pytest.mark.parametrize(("rules", "message"), [
    (JOBS_ONLY, 'Validation failed for num_workers, the value must be at most 3 (is "4")'),
    ({"cluster_type": {"type": "fixed", "value": "all-purpose"}},
     'Validation failed for cluster_type, the value must be all-purpose (is "job")'),
    ("[]", "cannot be satisfied due to the malformed policy definition"),
])
def test_violation_fails_the_run(admin: Client, make_policy: MakePolicy, rules: Any, message: str) -> None:
    """B14: https://github.com/databricks/cli/pull/6492, the job is made and its run fails."""
    ended = run(admin, policy_id=make_policy(rules), num_workers=4)
    assert ended["tasks"][0]["state"]["result_state"] == "FAILED"
    assert message in ended["tasks"][0]["state"]["state_message"]


def test_init_script_of_the_machine_fails_the_run(admin: Client) -> None:
    """https://github.com/databrickslabs/dbx/issues/686"""
    ended = run(admin, init_scripts=[{"file": {"destination": "file:/a.sh"}}])
    assert ended["tasks"][0]["state"]["state_message"].startswith(
        "Unexpected user error while preparing the cluster for the job. Cause: INVALID_PARAMETER_VALUE: File init")


def test_policy_supplies_what_a_job_cluster_leaves_out(admin: Client, make_policy: MakePolicy) -> None:
    row = job_cluster(admin, policy_id=make_policy(JOBS_ONLY), node_type_id=None, apply_policy_default_values=True)
    assert (row["node_type_id"], "apply_policy_default_values" in row) == ("Standard_DS4_v2", False)


def test_job_cluster_takes_its_machines_from_a_pool(admin: Client) -> None:
    """B2: node type is not required with instance_pool_id."""
    pool_id = admin.post("2.0/instance-pools/create", instance_pool_name="p",
                         node_type_id="Standard_DS4_v2").body["instance_pool_id"]
    row = job_cluster(admin, instance_pool_id=pool_id, node_type_id=None)
    assert (row["node_type_id"], row["instance_pool_id"]) == ("Standard_DS4_v2", pool_id)
