"""The settings of a job in one spelling: what the service fills in, leaves out or reorders makes no difference.

The sources are the answers of a workspace and https://docs.databricks.com/api/workspace/jobs/create. Clusters are left
out; they have a comparison of their own.
"""
from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

Path = tuple[str, ...]
Leaves = dict[Path, object]

# What a person or a program may have set. Fields that are not here nobody sets but the service.
COMPARED = frozenset({
    "name", "description", "tags", "tasks", "job_clusters", "parameters", "schedule", "continuous", "trigger",
    "git_source", "timeout_seconds", "max_concurrent_runs", "email_notifications", "webhook_notifications",
    "notification_settings", "health", "queue", "edit_mode", "environments", "deployment",
})
COMPARED_OF_TASKS = frozenset({
    "task_key", "description", "depends_on", "run_if", "libraries", "existing_cluster_id", "job_cluster_key",
    "environment_key", "timeout_seconds", "max_retries", "min_retry_interval_millis", "retry_on_timeout", "disabled",
    "email_notifications", "webhook_notifications", "notification_settings", "health",
})
_KEYED = {"tasks": "task_key", "job_clusters": "job_cluster_key", "parameters": "name",
          "environments": "environment_key"}
# Lists whose order says nothing. That of arguments and init scripts does.
_SETS = frozenset({"depends_on", "libraries", "rules", "on_start", "on_success", "on_failure",
                   "on_duration_warning_threshold_exceeded", "on_streaming_backlog_exceeded"})
_DEFAULTS: dict[Path, object] = {
    ("timeout_seconds",): 0, ("max_concurrent_runs",): 1, ("edit_mode",): "EDITABLE",
    ("schedule", "pause_status"): "UNPAUSED", ("continuous", "pause_status"): "UNPAUSED",
    ("trigger", "pause_status"): "UNPAUSED",
}
_DEFAULTS_OF_TASKS: dict[Path, object] = {
    ("timeout_seconds",): 0, ("max_retries",): 0, ("min_retry_interval_millis",): 0, ("run_if",): "ALL_SUCCESS",
}
_NAMED_VALUES = frozenset({"tags", "parameters", "base_parameters", "named_parameters"})
_FILES = ("notebook_task", "spark_python_task", "sql_task", "dbt_task")


def leaves_of(settings: Mapping[str, Any]) -> Leaves:
    """Every value that counts, under its path; tasks and the like stand under their key, not their number."""
    known = {key: value for key, value in settings.items() if key in COMPARED}
    leaves: Leaves = {}
    _collect(known, (), leaves)
    source = "GIT" if settings.get("git_source") else "WORKSPACE"
    return {path: value for path, value in leaves.items() if not _is_default(path, value, source)}


def _collect(value: object, path: Path, leaves: Leaves) -> None:
    if path[:1] == ("tasks",) and path[2:] and not _is_compared_of_task(path[2]):
        return
    if path[:1] == ("job_clusters",) and path[2:] and path[2] != "job_cluster_key":
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            _collect(item, (*path, str(key)), leaves)
    elif isinstance(value, list) and len(path) == 1 and path[0] in _KEYED:
        for item in value:
            inner = item.get("default") if path == ("parameters",) and isinstance(item, Mapping) else item
            _collect(inner, (*path, _key_of(item, _KEYED[path[0]])), leaves)
    elif isinstance(value, list) and path[-1] in _SETS:
        leaves[path] = _sorted(value)
    elif not (value is None or value is False or value == [] or (value == "" and not _is_named(path))):
        leaves[path] = value


def _is_named(path: Path) -> bool:
    """Whether people gave the value its name: then an empty one is something else than none."""
    return len(path) > 1 and path[-2] in _NAMED_VALUES


def _is_compared_of_task(key: str) -> bool:
    return key in COMPARED_OF_TASKS or key.endswith("_task")


def _key_of(item: object, key: str) -> str:
    return str(item.get(key, "")) if isinstance(item, Mapping) else ""


def _sorted(items: Iterable[object]) -> list[object]:
    return sorted(items, key=lambda item: json.dumps(item, sort_keys=True))


def _is_default(path: Path, value: object, source: str) -> bool:
    if value == []:
        return True
    if path[0] == "queue":
        return True
    if path[0] != "tasks":
        return path in _DEFAULTS and _DEFAULTS[path] == value
    inner = path[2:]
    if len(inner) == 2 and inner[0] in _FILES and inner[1] == "source":
        return value == source
    return inner in _DEFAULTS_OF_TASKS and _DEFAULTS_OF_TASKS[inner] == value
