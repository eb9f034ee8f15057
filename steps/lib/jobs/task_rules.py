"""What is wrong with the tasks of a job: twice the same key, a dependency that is not there or leads in a circle."""
from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from steps.lib.findings import Finding, nearest
from steps.lib.jobs.job_config import JobConfig
from steps.lib.json_files.json_path import JsonPath
from steps.lib.json_files.json_reader import Json

Task = Mapping[str, Json]
_MOST_SHOWN = 12


def task_findings(job: JobConfig) -> list[Finding]:
    """Of tasks that are written so badly that their keys are not known only the parameters are judged."""
    findings = _parameter_kinds(job)
    written = job.view.get(("tasks",))
    if isinstance(written, list) and not all(isinstance(task, dict) and "task_key" in task for task in written):
        return findings
    keys = [job.task_key(task) for _, task in job.tasks]
    return [*findings, *_repeated(job, keys), *_unknown(job, keys), *_cycle(job), *_smoke_tasks(job, keys)]


def _dependencies(task: Task) -> list[tuple[int, str]]:
    written = task.get("depends_on")
    rows = enumerate(written if isinstance(written, list) else [])
    return [(index, str(row["task_key"])) for index, row in rows if isinstance(row, dict) and "task_key" in row]


def _repeated(job: JobConfig, keys: list[str]) -> list[Finding]:
    places = [place for place, _ in job.tasks]
    first: dict[str, JsonPath] = {}
    findings = []
    for place, key in zip(places, keys, strict=False):
        if key in first:
            problem = f"{key!r} is a task already, in line {job.view.line(first[key])}, expected each key once"
            findings.append(job.view.finding((*place, "task_key"), problem))
        first.setdefault(key, (*place, "task_key"))
    return findings


def _unknown(job: JobConfig, keys: list[str]) -> list[Finding]:
    known = dict.fromkeys(keys)
    return [job.view.finding((*place, "depends_on", index, "task_key"),
                             f"{key!r} is no task of this job, expected one of them{nearest(key, known)}")
            for place, task in job.tasks for index, key in _dependencies(task) if key not in known]


def _cycle(job: JobConfig) -> list[Finding]:
    """One finding where tasks wait for each other, at the first of the circle that is written."""
    before: dict[str, list[str]] = {}
    for _, task in job.tasks:
        before.setdefault(job.task_key(task), []).extend(key for _, key in _dependencies(task))
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        # In the words of a person: each waits for the one after it.
        circle = [str(key) for key in error.args[1]][::-1]
        shown = circle if len(circle) <= _MOST_SHOWN else [*circle[: _MOST_SHOWN - 2], "...", circle[-1]]
        place = next(place for place, task in job.tasks if job.task_key(task) in circle)
        problem = f"tasks wait for each other, {' -> '.join(shown)}, expected an order; remove one of the dependencies"
        return [job.view.finding((*place, "depends_on"), problem)]
    return []


def _parameter_kinds(job: JobConfig) -> list[Finding]:
    findings = []
    for place, task in job.tasks:
        parameters = task.get("parameters")
        here = (*place, "parameters")
        if "notebook" in task and isinstance(parameters, list):
            findings.append(job.view.finding(here, "got a list, expected names and values for a notebook"))
        if "python_file" in task and isinstance(parameters, dict):
            findings.append(job.view.finding(here, "got an object, expected a list of texts for a Python file"))
    return findings


def _smoke_tasks(job: JobConfig, keys: list[str]) -> list[Finding]:
    test = job.view.get(("smoke_test",))
    wanted = test.get("tasks") if isinstance(test, dict) else None
    return [job.view.finding(("smoke_test", "tasks", index),
                             f"{key!r} is no task of this job, expected one of them{nearest(str(key), keys)}")
            for index, key in enumerate(wanted if isinstance(wanted, list) else [])
            if key is not None and key not in keys]
