"""What the service refuses in the tasks of a job or of a one-time run."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.errors import refuse, refuse_missing
from sandbox.databricks.jobs.compute_rules import check_key, check_new_cluster
from sandbox.databricks.libraries.library_package import check_entry

Task = dict[str, Any]
_MOST_TASKS = 1000
_COMPUTE = ("job_cluster_key", "new_cluster", "existing_cluster_id")
_NEEDS_NO_COMPUTE = ("condition_task", "run_job_task", "for_each_task", "pipeline_task", "sql_task", "dbt_task",
                     "dashboard_task", "alert_task", "power_bi_task")
_NEEDED = {"notebook_task": ("notebook_path",), "spark_python_task": ("python_file",),
           "python_wheel_task": ("package_name", "entry_point"), "condition_task": ("op", "left", "right"),
           "for_each_task": ("inputs", "task"), "run_job_task": ("job_id",)}
_MOST_AT_ONCE = 100
# -1 retries are retries without an end.
_LEAST = {"timeout_seconds": 0, "max_retries": -1, "min_retry_interval_millis": 0}
_NEEDS_ENVIRONMENT = ("spark_python_task", "python_wheel_task", "dbt_task")


def check_tasks(tasks: list[Task], *, job_cluster_keys: set[str], serverless: bool, from_git: bool) -> None:
    if len(tasks) > _MOST_TASKS:
        refuse(f"The number of tasks {len(tasks)} exceeds the limit of {_MOST_TASKS}.")
    keys = [task.get("task_key", "") for task in tasks]
    for key in keys:
        check_key("task_key", key)
    if len(set(keys)) < len(keys):
        doubled = next(key for key in keys if keys.count(key) > 1)
        refuse(f"Duplicate task key {doubled!r}: task keys must be unique within a job")
    for task in with_nested(tasks):
        check_work(task, tuple(name for name in task if name.endswith("_task")), from_git=from_git)
        check_compute(task, job_cluster_keys=job_cluster_keys, serverless=serverless)
        if "for_each_task" in task:
            _check_loop(task["for_each_task"])
    _check_graph({task["task_key"]: _dependencies(task) for task in tasks})


def with_nested(tasks: list[Task]) -> list[Task]:
    """The tasks, each followed by the one that it repeats, if any."""
    found = []
    for task in tasks:
        nested = task.get("for_each_task", {}).get("task")
        found += [task] if nested is None else [task, nested]
    return found


def check_work(task: Task, kinds: tuple[str, ...], *, from_git: bool) -> None:
    """One thing to do per task, and enough said about it."""
    named = [kind for kind in kinds if kind in task]
    if len(named) != 1:
        refuse(f"A task must have exactly one type of work, got {' and '.join(named) or 'none'}")
    for entry in task.get("libraries", []):
        check_entry(entry)
    for field, least in _LEAST.items():
        if task.get(field, 0) < least:
            refuse(f"{field} must be {least} or more, got {task[field]}")
    work = task[named[0]]
    for field in _NEEDED.get(named[0], ()):
        if work.get(field) in (None, ""):
            refuse_missing(f"settings.tasks.{named[0]}.{field}")
    source = work.get("source", "GIT" if from_git else "WORKSPACE")
    if named[0] == "notebook_task" and source == "WORKSPACE" and not work["notebook_path"].startswith("/"):
        refuse(f"Invalid notebook_path: {work['notebook_path']}. Only absolute paths are currently supported. "
               "Paths must begin with '/'.")


def _check_loop(loop: Task) -> None:
    check_key("task_key", loop["task"].get("task_key", ""))
    if "for_each_task" in loop["task"]:
        refuse("A for_each_task cannot be the task of another for_each_task.")
    if not 1 <= loop.get("concurrency", 1) <= _MOST_AT_ONCE:
        refuse(f"for_each_task.concurrency must be between 1 and {_MOST_AT_ONCE}, got {loop['concurrency']}")


def check_compute(task: Task, *, job_cluster_keys: set[str], serverless: bool) -> None:
    named = [name for name in _COMPUTE if name in task]
    if len(named) > 1:
        refuse(f"Only one of job_cluster_key, new_cluster, or existing_cluster_id must be specified, "
               f"got {' and '.join(named)}.")
    if not named:
        _check_without_compute(task, serverless=serverless)
    if "job_cluster_key" in task and task["job_cluster_key"] not in job_cluster_keys:
        refuse(f"Job cluster '{task['job_cluster_key']}' is not defined in field 'job_clusters'.")
    if "new_cluster" in task:
        check_new_cluster(task["new_cluster"])


def _check_without_compute(task: Task, *, serverless: bool) -> None:
    """On serverless compute scripts, wheels and dbt name an environment, notebooks do not."""
    if not serverless and not any(kind in task for kind in _NEEDS_NO_COMPUTE):
        refuse("One of job_cluster_key, new_cluster, or existing_cluster_id must be specified.")
    if serverless and "environment_key" not in task and any(kind in task for kind in _NEEDS_ENVIRONMENT):
        # Worded like https://github.com/databricks/databricks-sdk-py/issues/1228.
        refuse(f"An environment is required for serverless task {task.get('task_key', '')}. Please define one using "
               "`environments` and `environment_key`.")


def _dependencies(task: Task) -> list[str]:
    named = [dependency.get("task_key", "") for dependency in task.get("depends_on", [])]
    if "" in named:
        # Worded like https://github.com/databricks/terraform-provider-databricks/issues/1527.
        refuse_missing("settings.tasks.depends_on.task_key")
    return named


def _check_graph(graph: dict[str, list[str]]) -> None:
    for key, needed in graph.items():
        if key in needed:
            # Worded like https://github.com/apache/airflow/issues/47983.
            refuse(f"Invalid dependency graph, task '{key}' can not reference itself.")
        for other in needed:
            if other not in graph:
                refuse(f"Invalid dependency graph, task '{key}' depends on unknown task '{other}'.")
    waiting = {key: set(needed) for key, needed in graph.items()}
    while waiting:
        ready = {key for key, needed in waiting.items() if not needed}
        if not ready:
            refuse(f"Invalid dependency graph, the tasks {', '.join(sorted(waiting))} form or follow a cycle.")
        waiting = {key: needed - ready for key, needed in waiting.items() if key not in ready}
