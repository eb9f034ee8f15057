"""A task run as the Jobs API shows it: within its run, or read by its own id."""
from __future__ import annotations

from collections import Counter
from typing import Any

from sandbox.databricks.runs.run import Run, TaskRun


def shown_task(run: Run, attempt: TaskRun) -> dict[str, Any]:
    """The settings of the task, with what a condition and a loop came to so far."""
    task = dict(attempt.task)
    if attempt.branch:
        task["condition_task"] = {**task["condition_task"], "outcome": attempt.branch}
    if "for_each_task" in task and attempt.execution_start:
        task["for_each_task"] = {**task["for_each_task"], "stats": {"task_run_stats": _stats(run.iterations(attempt))}}
    return task


def cluster_of(attempt: TaskRun) -> dict[str, Any]:
    if not attempt.cluster_id:
        return {}
    instance: dict[str, Any] = {"cluster_id": attempt.cluster_id}
    if attempt.spark_context_id is not None:
        instance["spark_context_id"] = str(attempt.spark_context_id)
    return {"cluster_instance": instance}


def _stats(iterations: list[TaskRun]) -> dict[str, int]:
    lives = Counter("over" if one.is_over else "blocked" if one.life == "BLOCKED" else "active" for one in iterations)
    good = sum(one.result == "SUCCESS" for one in iterations)
    return {"active_iterations": lives["active"], "completed_iterations": lives["over"],
            "failed_iterations": lives["over"] - good, "scheduled_iterations": lives["active"] + lives["over"],
            "succeeded_iterations": good, "total_iterations": len(iterations)}
