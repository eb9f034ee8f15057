from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.databricks.jobs.settings_form import kept_settings
from steps.lib.config.provenance import Origin, SetValue
from steps.lib.jobs.deployed.found_job import FoundJob
from steps.lib.jobs.deployed.job_difference import differences
from tests.steps.lib.jobs.job_files import body_of, tasks

CLUSTER: dict[str, Any] = {"spark_version": "16.4.x-scala2.12", "node_type_id": "Standard_DS3_v2", "num_workers": 2}
TASK: dict[str, Any] = {"task_key": "a", "notebook_task": {"notebook_path": "/x", "source": "WORKSPACE"},
                        "new_cluster": CLUSTER}
BODY: dict[str, Any] = {"name": "job", "tags": {"job": "a"}, "tasks": [TASK]}


def found(settings: Any, **row: Any) -> FoundJob:
    return FoundJob({"job_id": 1, "settings": settings, "run_as_user_name": "app-1", **row})


def changed(desired: Any, present: Any, **row: Any) -> list[str]:
    return [str(change) for change in differences(desired, found(present, **row))]


def task(**fields: Any) -> dict[str, Any]:
    return {**BODY, "tasks": [{**TASK, **fields}]}


def cluster(**fields: Any) -> dict[str, Any]:
    return task(new_cluster={**CLUSTER, **fields})


@pytest.mark.parametrize("fields", [
    {}, {"parameters": {"a": "1"}}, {"timeout_seconds": 0}, {"max_retries": 0},
    {"schedule": {"quartz_cron_expression": "0 0 5 ? * *", "timezone_id": "UTC"}},
    {"email_notifications": {"no_alert_for_skipped_runs": False, "on_failure": ["b@x.y", "a@x.y"]}},
    tasks({"task_key": "z"}, {"task_key": "b", "depends_on": [{"task_key": "z"}], "run_if": "ALL_SUCCESS"}),
    {"cluster_type": "high_concurrency", "new_cluster": None, "libraries": None},
], ids=["least", "parameters", "no-limit", "no-retry", "schedule", "emails", "tasks", "shared"])
@pytest.mark.parametrize("queues", [False, True])
def test_what_a_workspace_keeps_of_a_body_is_no_difference(fields: dict[str, Any], queues: bool) -> None:
    body = body_of(**fields)
    assert changed(body, kept_settings(body, queues=queues)) == []


FILLED = {"email_notifications": {}, "webhook_notifications": {}, "timeout_seconds": 0, "max_concurrent_runs": 1,
          "format": "MULTI_TASK", "queue": {"enabled": True}, "edit_mode": "EDITABLE", "notification_settings": {
              "no_alert_for_skipped_runs": False}, "performance_target": "STANDARD", "budget_policy_id": "x"}
FILLED_TASK = {"run_if": "ALL_SUCCESS", "timeout_seconds": 0, "max_retries": 0, "retry_on_timeout": False,
               "email_notifications": {}, "webhook_notifications": {}, "disable_auto_optimization": True,
               "min_retry_interval_millis": 0, "new_cluster": {
                   **CLUSTER, "data_security_mode": "SINGLE_USER", "enable_elastic_disk": True,
                   "runtime_engine": "STANDARD", "azure_attributes": {"availability": "ON_DEMAND_AZURE"}}}


def test_what_the_service_is_known_to_fill_in_is_no_difference() -> None:
    assert changed(BODY, {**task(**FILLED_TASK), **FILLED}) == []


@pytest.mark.parametrize(("desired", "present"), [
    (task(depends_on=[{"task_key": "b"}, {"task_key": "c"}]), task(depends_on=[{"task_key": "c"}, {"task_key": "b"}])),
    (task(libraries=[{"whl": "/a"}, {"pypi": {"package": "b"}}]),
     task(libraries=[{"pypi": {"package": "b"}}, {"whl": "/a"}])),
    ({**BODY, "parameters": [{"name": "a", "default": "1"}, {"name": "b", "default": "2"}]},
     {**BODY, "parameters": [{"name": "b", "default": "2"}, {"name": "a", "default": "1"}]}),
    ({**BODY, "webhook_notifications": {"on_start": [{"id": "1"}, {"id": "2"}]}},
     {**BODY, "webhook_notifications": {"on_start": [{"id": "2"}, {"id": "1"}]}}),
    ({**BODY, "tasks": [TASK, {**TASK, "task_key": "b"}]}, {**BODY, "tasks": [{**TASK, "task_key": "b"}, TASK]}),
    (cluster(data_security_mode="DATA_SECURITY_MODE_STANDARD"), cluster(data_security_mode="USER_ISOLATION")),
], ids=["depends_on", "libraries", "parameters", "webhooks", "tasks", "access mode"])
def test_order_and_old_names_are_no_difference(desired: Any, present: Any) -> None:
    assert changed(desired, present) == []


@pytest.mark.parametrize(("desired", "present", "line"), [
    (BODY, {**BODY, "description": "x"}, "description: 'x' -> (none) (nobody sets it any more)"),
    ({**BODY, "parameters": [{"name": "a", "default": ""}]}, BODY, "parameters[a]: (none) -> '' (convention)"),
    (BODY, {**BODY, "tags": {"job": "a", "own": "1"}}, "tags.own: '1' -> (none) (nobody sets it any more)"),
    ({**BODY, "max_concurrent_runs": 0}, BODY, "max_concurrent_runs: (none) -> 0 (convention)"),
    (task(timeout_seconds=5), BODY, "tasks[a].timeout_seconds: (none) -> 5 (convention)"),
    (cluster(num_workers=3), BODY, "tasks[a].new_cluster.num_workers: 2 -> 3 (job_clusters.json)"),
    (cluster(data_security_mode="SINGLE_USER"), cluster(data_security_mode="USER_ISOLATION"),
     'tasks[a].new_cluster.data_security_mode: "USER_ISOLATION" -> "SINGLE_USER" (job_clusters.json)'),
    (task(libraries=[{"whl": "/a"}]), BODY, "tasks[a].libraries: (none) -> [{\"whl\": \"/a\"}] (job_libraries.json)"),
    ({**BODY, "queue": {"enabled": True}}, BODY, "queue.enabled: (none) -> true (convention)"),
    (BODY, {**BODY, "queue": {"enabled": False}}, "queue.enabled: false -> true (convention)"),
    ({**BODY, "queue": {"enabled": False}}, {**BODY, "queue": {"enabled": True}},
     "queue.enabled: true -> false (convention)"),
    (task(notebook_task={"notebook_path": "/y"}), BODY,
     "tasks[a].notebook_task.notebook_path: '/x' -> '/y' (convention)"),
], ids=["gone", "empty", "tag", "none-at-once", "task", "size", "mode", "library", "queue", "queue-off", "no-queue",
        "notebook"])
def test_real_change_is_worded_with_who_wants_it(desired: Any, present: Any, line: str) -> None:
    assert changed(desired, present) == [line]


def test_order_of_arguments_is_a_difference() -> None:
    one, two = (task(notebook_task=None, spark_python_task={"python_file": "/p", "parameters": arguments})
                for arguments in (["-a", "-b"], ["-b", "-a"]))
    assert len(changed(one, two)) == 1


def test_job_that_moves_to_another_kind_of_cluster() -> None:
    moved = {**BODY, "tasks": [{key: value for key, value in TASK.items() if key != "new_cluster"} | {
        "existing_cluster_id": "0-1-x"}]}
    lines = changed(moved, BODY)
    assert lines[0] == "tasks[a].existing_cluster_id: (none) -> '0-1-x' (convention)"
    assert lines[1].startswith("tasks[a].new_cluster: {")


@pytest.mark.parametrize(("row", "count"), [
    ({"run_as_user_name": "APP-1"}, 0), ({"run_as_user_name": "anna@example.com"}, 1),
], ids=["any case", "another"])
def test_who_a_job_runs_as_is_compared(row: dict[str, Any], count: int) -> None:
    desired = {**BODY, "run_as": {"service_principal_name": "app-1"}}
    assert len(changed(desired, BODY, **row)) == count


def test_run_as_of_the_settings_counts_before_that_of_the_row() -> None:
    desired = {**BODY, "run_as": {"service_principal_name": "app-2"}}
    assert changed(desired, {**BODY, "run_as": {"service_principal_name": "app-2"}}) == []


def test_place_of_a_value_is_told() -> None:
    desired = task(timeout_seconds=5)
    values = (SetValue(("tasks", 0, "timeout_seconds"), 5, Origin("jobs_config.json", 14)),)
    (change,) = differences(desired, found(BODY), values)
    assert str(change) == "tasks[a].timeout_seconds: (none) -> 5 (jobs_config.json:14)"


@pytest.mark.parametrize("body", [
    {"parameters": [{"name": "api_token", "default": "s3cret"}]},
    {"tasks": [{**TASK, "notebook_task": {"notebook_path": "/x", "base_parameters": {"password": "s3cret"}}}]},
], ids=["job", "task"])
def test_value_of_a_parameter_that_sounds_secret_is_not_shown(body: Any) -> None:
    (line,) = changed({**BODY, **body}, BODY)
    assert line.endswith("(none) -> (not shown) (convention)")


@given(st.permutations(["a", "b", "c", "d"]), st.booleans())
def test_any_order_of_tasks_is_the_same_job(keys: list[str], queues: bool) -> None:
    rows = [{**TASK, "task_key": key, "depends_on": [{"task_key": other} for other in keys if other > key]}
            for key in keys]
    body = {**BODY, "tasks": rows}
    kept = kept_settings({**body, "tasks": sorted(rows, key=lambda row: str(row["task_key"]))}, queues=queues)
    assert changed(body, kept) == []
