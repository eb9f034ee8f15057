"""What the service refuses in the environments of serverless tasks, and in the tasks that name them."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.errors import refuse, refuse_missing
from sandbox.databricks.jobs.task_rules import with_nested

_VERSIONS = {"environment_version", "client", "base_environment"}


def check_environments(settings: dict[str, Any]) -> None:
    keys = [environment.get("environment_key", "") for environment in settings.get("environments", [])]
    if "" in keys:
        refuse_missing("settings.environments.environment_key")
    if len(set(keys)) < len(keys):
        refuse("environment_key must be unique within a job")
    for environment in settings.get("environments", []):
        if not _VERSIONS & environment.get("spec", {}).keys():
            refuse("One of environment_version or base_environment must be specified in an environment's spec")
    for task in with_nested(settings.get("tasks", [])):
        if "environment_key" in task:
            _check_task(task, set(keys))


def _check_task(task: dict[str, Any], keys: set[str]) -> None:
    if "notebook_task" in task:
        # Worded like https://github.com/databricks/dbt-databricks/issues/1009.
        refuse(f"A task environment can not be provided for notebook task {task.get('task_key', '')}. Please use the "
               "%pip magic command to install notebook-scoped Python libraries and Python wheel packages")
    if task["environment_key"] not in keys:
        refuse(f"Environment '{task['environment_key']}' is not defined in field 'environments'.")
