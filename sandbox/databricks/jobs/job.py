"""One Databricks job: its settings as the service keeps them, and under which name it runs."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Settings = dict[str, Any]
SINGLE_TASK = "SINGLE_TASK"
MULTI_TASK = "MULTI_TASK"
FLAT_TASKS = ("notebook_task", "spark_jar_task", "spark_python_task", "spark_submit_task", "pipeline_task",
              "python_wheel_task")
# What a job of a single task has at the top of its settings, and a job of several in each task.
FLAT_FIELDS = (*FLAT_TASKS, "existing_cluster_id", "new_cluster", "libraries", "max_retries",
               "min_retry_interval_millis", "retry_on_timeout")
# A job of a single task has no key for it; newer versions of the API show one. Its real name was never observed.
ONLY_TASK = "main"


@dataclass
class Job:
    """`created` in seconds since 1970. `run_as` is the id of whom was asked for, empty for the owner."""

    job_id: int
    creator: str
    settings: dict[str, Any]
    created: float
    run_as: str = ""

    @property
    def name(self) -> str:
        return str(self.settings["name"])

    @property
    def tasks(self) -> list[Settings]:
        return tasks_of(self.settings)

    @property
    def is_scheduled(self) -> bool:
        """Whether time alone starts it."""
        return self.settings.get("schedule", {}).get("pause_status") == "UNPAUSED" and bool(self.tasks)


def tasks_of(settings: Settings) -> list[Settings]:
    """The tasks of either format."""
    if settings.get("format") != SINGLE_TASK:
        return list(settings.get("tasks", ()))
    return [{"task_key": ONLY_TASK, **{name: settings[name] for name in FLAT_FIELDS if name in settings},
             "timeout_seconds": 0, "run_if": "ALL_SUCCESS"}]
