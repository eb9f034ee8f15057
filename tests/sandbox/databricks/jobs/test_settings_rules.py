"""What is refused in the settings of a job, and by which words."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import NEW_CLUSTER, create_job, refusal, task

CRON = {"quartz_cron_expression": "0 0 6 * * ?", "timezone_id": "UTC"}
GIT = {"git_url": "https://git.test/x", "git_provider": "azureDevOpsServices"}
ENVIRONMENTS = [{"environment_key": "e", "spec": {"environment_version": "2"}}]
SHARED = {"job_cluster_key": "k", "new_cluster": NEW_CLUSTER}
SCRIPT: dict[str, Any] = {"notebook_task": None, "spark_python_task": {"python_file": "/x.py"}}
DBT: dict[str, Any] = {"notebook_task": None, "dbt_task": {"commands": ["dbt run"]}}


@pytest.mark.parametrize(("changes", "words"), [
    ({"name": "x" * 4097}, "4096"),
    ({"name": "ä" * 2049}, "4096 bytes"),
    ({"description": "x" * 27_701}, "27700"),
    ({"tags": {f"t{number}": "" for number in range(26)}}, "25"),
    ({"tags": {"a/b": ""}}, "a/b"),
    ({"tags": {"": ""}}, "''"),
    ({"tags": {"x" * 513: ""}}, "cannot be forwarded"),
    ({"tags": {"a": "x" * 257}}, "cannot be forwarded"),
    ({"max_concurrent_runs": 1001}, "1000"),
    ({"max_concurrent_runs": -1}, "max_concurrent_runs"),
    ({"timeout_seconds": -1}, "timeout_seconds"),
    ({"queue": {}}, "settings.queue.enabled"),
    ({"schedule": CRON, "continuous": {}}, "Only one of schedule, continuous"),
    ({"schedule": CRON, "trigger": {}}, "Only one of schedule"),
    ({"schedule": {"timezone_id": "UTC"}}, "settings.schedule.quartz_cron_expression"),
    ({"schedule": {"quartz_cron_expression": "0 0 6 * * ?"}}, "settings.schedule.timezone_id"),
    ({"schedule": {**CRON, "quartz_cron_expression": "0 6 * * *"}}, "quartz_cron_expression"),
    ({"schedule": {**CRON, "timezone_id": "Europe/Atlantis"}}, "Europe/Atlantis"),
    ({"schedule": {**CRON, "timezone_id": "../UTC"}}, "timezone_id"),
    ({"git_source": {"git_url": "x"}}, "settings.git_source.git_provider"),
    ({"git_source": {**GIT, "git_provider": "svn", "git_tag": "v1"}}, "svn"),
    ({"git_source": GIT}, "Exactly one of git_branch"),
    ({"git_source": {**GIT, "git_branch": "a", "git_tag": "b"}}, "Exactly one of git_branch"),
    ({"parameters": [{"name": "a b", "default": ""}]}, "'a b'"),
    ({"parameters": [{"name": "a", "default": ""}] * 2}, "unique"),
    ({"parameters": [{"default": "x"}]}, "''"),
    ({"environments": [{"spec": {"client": "1"}}]}, "settings.environments.environment_key"),
    ({"environments": [{"environment_key": "a", "spec": {}}]}, "environment_version"),
    ({"environments": [{"environment_key": "a", "spec": {"client": "1"}}] * 2}, "unique"),
    ({"webhook_notifications": {"on_start": [{"id": str(number)} for number in range(4)]}}, "on_start"),
    ({"job_clusters": [SHARED, SHARED]}, "unique"),
    ({"job_clusters": [{**SHARED, "job_cluster_key": ""}]}, "job_cluster_key"),
    ({"job_clusters": [{"new_cluster": NEW_CLUSTER}]}, "job_cluster_key ''"),
    ({"job_clusters": [{"job_cluster_key": "k"}]}, "settings.job_clusters.new_cluster"),
    ({"job_clusters": [{**SHARED, "new_cluster": {**NEW_CLUSTER, "num_workers": None}}]}, "new_cluster.size"),
    ({"job_clusters": [{**SHARED, "libraries": [{"jar": "x"}]}]}, "Libraries cannot be declared"),
    ({"run_as": {"user_name": "a", "service_principal_name": "b"}}, "run_as"),
    ({"run_as": {}}, "run_as"),
])
def test_setting_is_refused(admin: Client, changes: dict[str, Any], words: str) -> None:
    """E3: no libraries in shared clusters, one trigger only; and every limit of the settings."""
    assert words in refusal(admin, **changes)


@pytest.mark.parametrize("changes", [
    {"name": "ä" * 2048}, {"max_concurrent_runs": 0}, {"max_concurrent_runs": 1000}, {"schedule": CRON},
    {"schedule": {**CRON, "timezone_id": "GMT+02:00"}}, {"tags": {f"t{number}": "" for number in range(25)}},
    {"git_source": {**GIT, "git_provider": "AZUREDEVOPSSERVICES", "git_tag": "v1"}}, {"tasks": []},
    {"parameters": [{"name": "A_b-c.9", "default": "x"}]}, {"description": "x" * 27_700},
    {"tags": {"x" * 512: "x" * 256}}, {"webhook_notifications": {"on_start": [{"id": str(n)} for n in range(3)]}},
])
def test_setting_at_its_limit_is_taken(admin: Client, changes: dict[str, Any]) -> None:
    assert create_job(admin, **changes)


@pytest.mark.parametrize(("tasks", "words"), [
    ([task("")], "task_key"),
    ([{"notebook_task": {"notebook_path": "/x"}, "new_cluster": NEW_CLUSTER}], "task_key ''"),
    ([task("a b")], "'a b'"),
    ([task("x" * 101)], "task_key"),
    ([task("x"), task("a"), task("a")], "Duplicate task key 'a'"),
    ([task("a", "a")], "task 'a' can not reference itself"),
    ([task("a", "b")], "unknown task 'b'"),
    ([task("a", "b"), task("b", "c"), task("c", "a")], "cycle"),
    ([task("a", depends_on=[{}])], "settings.tasks.depends_on.task_key"),
    ([task(new_cluster=None)], "One of job_cluster_key, new_cluster, or existing_cluster_id must be specified."),
    ([task(existing_cluster_id="x")], "Only one of"),
    ([task(job_cluster_key="k")], "Only one of"),
    ([task(new_cluster=None, job_cluster_key="k")], "'k' is not defined"),
    ([task(new_cluster=None, existing_cluster_id="0-0-x")], "Cluster 0-0-x does not exist"),
    ([task(notebook_task=None)], "exactly one type of work, got none"),
    ([task(spark_python_task={"python_file": "x"})], "got notebook_task and spark_python_task"),
    ([task(notebook_task={})], "notebook_path"),
    ([task(notebook_task=None, spark_python_task={})], "spark_python_task.python_file"),
    ([task(notebook_task=None, python_wheel_task={"entry_point": "b"})], "python_wheel_task.package_name"),
    ([task(notebook_task=None, python_wheel_task={"package_name": "a"})], "python_wheel_task.entry_point"),
    ([task(notebook_task={"notebook_path": "train"})], "Only absolute paths"),
    ([task(libraries=[{"jar": "a", "whl": "b"}])], "exactly one of"),
    ([task(new_cluster={**NEW_CLUSTER, "num_workers": None})],
     "Cluster validation error: Missing required field: settings.cluster_spec.new_cluster.size"),
    ([task(new_cluster={**NEW_CLUSTER, "autotermination_minutes": 60})], "autotermination_minutes"),
    ([task(new_cluster={**NEW_CLUSTER, "workload_type": {"clients": {}}})], "workload_type is not supported"),
    ([task(new_cluster={**NEW_CLUSTER, "node_type_id": "Tiny"})], "Cluster validation error: Node type Tiny"),
])
def test_task_is_refused(admin: Client, tasks: list[Any], words: str) -> None:
    """E3: one choice of compute per task, and a key of a job cluster that is there."""
    assert words in refusal(admin, tasks=tasks)


def test_loop_does_a_hundred_at_once_at_most(admin: Client) -> None:
    loop = {"inputs": "[]", "task": task("each"), "concurrency": 100}
    assert create_job(admin, tasks=[{"task_key": "a", "for_each_task": loop}])


def test_at_most_a_thousand_tasks(admin: Client) -> None:
    tasks = [task(f"t{number}") for number in range(1001)]
    assert "1000" in refusal(admin, tasks=tasks)
    assert create_job(admin, tasks=tasks[:1000])


def test_notebook_of_a_repository_has_a_relative_path(admin: Client) -> None:
    source = {**GIT, "git_branch": "main"}
    assert create_job(admin, git_source=source, tasks=[task(notebook_task={"notebook_path": "train"})])
    own = task(notebook_task={"notebook_path": "train", "source": "WORKSPACE"})
    assert "Only absolute paths" in refusal(admin, git_source=source, tasks=[own])


@pytest.mark.parametrize("change", [{}, {**SCRIPT, "environment_key": "e"}, {**DBT, "environment_key": "e"}],
                         ids=["notebook", "script", "dbt"])
def test_serverless_workspace_takes_tasks_without_compute(
        workspace: Workspace, admin: Client, change: dict[str, Any]) -> None:
    workspace.state.serverless = True
    assert create_job(admin, environments=ENVIRONMENTS, tasks=[task(new_cluster=None, **change)])


@pytest.mark.parametrize(("change", "words"), [
    (SCRIPT, "An environment is required for serverless task train"),
    (DBT, "An environment is required for serverless task train"),
    ({"environment_key": "e"}, "A task environment can not be provided for notebook task train"),
    ({**SCRIPT, "environment_key": "x"}, "Environment 'x' is not defined"),
], ids=["script", "dbt", "notebook", "unknown"])
def test_serverless_task_names_the_environment_it_needs(
        workspace: Workspace, admin: Client, change: dict[str, Any], words: str) -> None:
    workspace.state.serverless = True
    assert words in refusal(admin, environments=ENVIRONMENTS, tasks=[task(new_cluster=None, **change)])


def test_dbt_without_compute_needs_no_serverless_workspace(admin: Client) -> None:
    assert create_job(admin, tasks=[task(new_cluster=None, **DBT)])


def test_refused_job_is_not_created(admin: Client) -> None:
    refusal(admin, max_concurrent_runs=-1)
    assert admin.get("2.2/jobs/list").body == {"has_more": False}
