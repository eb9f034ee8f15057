"""What a job names must be there."""
from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import NEW_CLUSTER, create_job, refusal, task

POOLED = {"spark_version": NEW_CLUSTER["spark_version"], "num_workers": 1, "instance_pool_id": "p"}
NO_POOL = "Cluster validation error: Can't find an instance pool with id: p."


@pytest.mark.parametrize("settings", [
    {"tasks": [task(new_cluster=POOLED)]},
    {"job_clusters": [{"job_cluster_key": "k", "new_cluster": POOLED}]},
    {"tasks": [task(new_cluster={**POOLED, "instance_pool_id": "", "driver_instance_pool_id": "p",
                                 "node_type_id": "Standard_DS3_v2"})]},
], ids=["task", "shared cluster", "driver"])
def test_unknown_pool_is_refused(admin: Client, settings: dict[str, Any]) -> None:
    """https://github.com/databricks-demos/dbdemos/issues/76"""
    assert refusal(admin, **settings) == NO_POOL


def test_unknown_pool_is_refused_when_a_job_changes(admin: Client) -> None:
    new = {"tasks": [task(new_cluster=POOLED)]}
    assert admin.post("2.2/jobs/reset", job_id=create_job(admin), new_settings=new).message == NO_POOL


def test_submitted_run_names_a_cluster_that_is_there(admin: Client) -> None:
    reply = admin.post("2.2/jobs/runs/submit", tasks=[task(new_cluster=None, existing_cluster_id="0-0-x")])
    assert reply.message == "Cluster 0-0-x does not exist"
    assert admin.post("2.2/jobs/runs/submit", tasks=[task(new_cluster=POOLED)]).message == NO_POOL


def test_known_pool_is_taken(admin: Client) -> None:
    pool = {"instance_pool_name": "ours", "node_type_id": "Standard_DS3_v2"}
    pool_id = admin.post("2.0/instance-pools/create", **pool).body["instance_pool_id"]
    assert create_job(admin, tasks=[task(new_cluster={**POOLED, "instance_pool_id": pool_id})])
