"""A live workspace in strict mode takes the bodies as they are: no unknown field, no rule of the service broken."""
from __future__ import annotations

from typing import Any

import pytest

from steps.lib.jobs.parts import Parts
from tests.steps.bench import CLUSTER, Bench
from tests.steps.lib.jobs.job_files import deployed, job, tasks

RUN: dict[str, Any] = {"spark_version": "16.4.x-scala2.12", "node_type_id": "Standard_DS3_v2", "num_workers": 1}
FULL: dict[str, Any] = {
    "timeout_seconds": 60, "max_retries": 1, "max_concurrent_runs": 2, "parameters": {"a": "1"},
    "schedule": {"quartz_cron_expression": "0 0 5 ? * MON-FRI", "timezone_id": "Europe/Berlin"},
    "email_notifications": {"on_failure": ["anna@example.com"], "no_alert_for_skipped_runs": True}}
SHARED: dict[str, Any] = {"cluster_type": "high_concurrency", "new_cluster": None, "libraries": None}
FLOW = tasks(
    {"task_key": "a"}, {"task_key": "b", "depends_on": [{"task_key": "a"}]},
    {"task_key": "c", "python_file": "x.py", "parameters": ["--v"], "run_if": "ALL_DONE", "timeout_seconds": 5},
    {"task_key": "d", "wheel": {"package_name": "p", "entry_point": "e", "file": "d/p.whl"}, "parameters": {"k": "v"}})
TEAM = {"queue": {"enabled": True}, "edit_mode": "UI_LOCKED", "tags": {"department": "science"}}


@pytest.mark.parametrize("version", ["2.1", "2.2"])
@pytest.mark.parametrize("fields", [{}, FULL, {**FULL, **SHARED}, {**FULL, **FLOW}, {**FLOW, **SHARED}],
                         ids=["least", "full", "shared", "tasks", "tasks-shared"])
def test_a_workspace_takes_the_body(bench: Bench, fields: dict[str, Any], version: str) -> None:
    cluster_id = bench.by_hand("/api/2.1/clusters/create", CLUSTER)["cluster_id"]
    made = deployed(job(**fields), TEAM, cluster_id=cluster_id, clusters=Parts("job_clusters.json", RUN),
                    run_as=bench.principal.client_id)
    assert bench.by_hand(f"/api/{version}/jobs/create", made.body)["job_id"]
