"""Which tasks of a job a request means. Pure: tasks by their keys in, keys out."""
from __future__ import annotations

from collections.abc import Iterable, Mapping

from sandbox.databricks.errors import refuse
from sandbox.databricks.jobs.job import Settings

Tasks = Mapping[str, Settings]


def chosen(tasks: Tasks, only: Iterable[str]) -> set[str]:
    """`key` is that task alone, `+key` with all it depends on, `key+` with all that depends on it.

    https://docs.databricks.com/api/workspace/jobs/runnow
    """
    wanted: set[str] = set()
    for name in only:
        key = name.removeprefix("+").removesuffix("+")
        if key not in tasks:
            refuse(f"only: the job has no task {key}")
        wanted.add(key)
        if name.startswith("+"):
            wanted |= _with_needed(tasks, key)
        if name.endswith("+"):
            wanted |= with_dependents(tasks, {key})
    return wanted


def with_dependents(tasks: Tasks, wanted: set[str]) -> set[str]:
    """And what depends on those, and so on."""
    found: set[str] = set()
    while wanted != found:
        found = wanted
        wanted = found | {key for key, task in tasks.items() if found & set(_needed(task))}
    return found


def _with_needed(tasks: Tasks, key: str) -> set[str]:
    found: set[str] = set()
    wanted = {key}
    while wanted:
        found |= wanted
        wanted = {needed for one in wanted for needed in _needed(tasks[one])} - found
    return found


def _needed(task: Settings) -> list[str]:
    return [row["task_key"] for row in task.get("depends_on", ())]
