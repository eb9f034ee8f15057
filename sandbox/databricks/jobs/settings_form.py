"""The settings of a job as the service keeps them: what it fills in, what it forgets, what it reorders."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.clusters.cluster_view import access_mode
from sandbox.databricks.jobs.job import FLAT_FIELDS, MULTI_TASK, SINGLE_TASK, Settings

# Read from the request, kept elsewhere or nowhere.
_NOT_KEPT = {"format", "run_as", "access_control_list"}
_TRIGGERS = ("schedule", "continuous", "trigger")


def kept_settings(asked: Settings, *, queues: bool) -> Settings:
    """`queues` is whether queueing is on unless it is switched off, as for jobs made by version 2.2 of the API."""
    settings = {name: value for name, value in asked.items() if name not in _NOT_KEPT}
    flat = "tasks" not in settings and any(name in settings for name in FLAT_FIELDS)
    filled: Settings = {"name": "Untitled", "email_notifications": {}, "webhook_notifications": {},
                        "timeout_seconds": 0, "max_concurrent_runs": 1, **settings,
                        "format": SINGLE_TASK if flat else MULTI_TASK}
    if queues:
        filled.setdefault("queue", {"enabled": True})
    for name in _TRIGGERS:
        if name in filled:
            filled[name] = {"pause_status": "UNPAUSED", **filled[name]}
    filled["webhook_notifications"] = _ordered_hooks(filled["webhook_notifications"])
    if flat:
        return _filled_work(filled, from_git="git_source" in filled)
    for name, fill in (("job_clusters", _filled_compute), ("tasks", _filled_task)):
        if name in filled:
            filled[name] = [fill(entry) for entry in filled[name]]
    filled["tasks"] = [_filled_work(task, from_git="git_source" in filled) for task in filled.get("tasks", [])]
    return filled if filled["tasks"] else {name: value for name, value in filled.items() if name != "tasks"}


def _filled_task(task: dict[str, Any]) -> dict[str, Any]:
    """The order of what a task depends on is not kept; clients compare it as a set."""
    filled = {"run_if": "ALL_SUCCESS", "timeout_seconds": 0, "email_notifications": {}, "webhook_notifications": {},
              **task}
    filled["webhook_notifications"] = _ordered_hooks(filled["webhook_notifications"])
    if "depends_on" in filled:
        filled["depends_on"] = sorted(filled["depends_on"], key=lambda dependency: str(dependency["task_key"]))
    return filled


def _filled_work(task: dict[str, Any], *, from_git: bool) -> dict[str, Any]:
    filled = _filled_compute(task)
    if "for_each_task" in filled:
        loop = filled["for_each_task"]
        filled["for_each_task"] = {**loop, "task": _filled_work(_filled_task(loop["task"]), from_git=from_git)}
    if "notebook_task" in filled:
        filled["notebook_task"] = {"source": "GIT" if from_git else "WORKSPACE", **filled["notebook_task"]}
    return filled


def _filled_compute(entry: dict[str, Any]) -> dict[str, Any]:
    """A cluster of a job that says nothing is for a single user; access modes are answered by their old names."""
    if "new_cluster" not in entry:
        return dict(entry)
    spec = entry["new_cluster"]
    return {**entry, "new_cluster": {**spec, "data_security_mode": access_mode(spec) or "SINGLE_USER"}}


def _ordered_hooks(hooks: dict[str, Any]) -> dict[str, Any]:
    return {event: sorted(targets, key=lambda target: str(target.get("id", ""))) for event, targets in hooks.items()}
