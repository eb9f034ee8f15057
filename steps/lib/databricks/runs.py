"""Runs of Databricks jobs, read whole.

https://docs.databricks.com/api/azure/workspace/jobs/getrun
"""
from __future__ import annotations

from typing import Any

from steps.lib.databricks.client import Databricks

GET_RUN = "/api/2.2/jobs/runs/get"
# Life cycle states after which a run, or a task of one, changes no more.
OVER = ("TERMINATED", "SKIPPED", "INTERNAL_ERROR")


def whole_run(databricks: Databricks, run_id: int) -> dict[str, Any]:
    """The run with all its tasks: an answer shows a hundred at once."""
    pages = list(databricks.answers(GET_RUN, {"run_id": run_id}))
    return {**pages[0], "tasks": [task for page in pages for task in page.get("tasks") or []]}


def is_over(progress: dict[str, Any]) -> bool:
    """Of a run or of a task."""
    return (progress.get("state") or {}).get("life_cycle_state") in OVER
