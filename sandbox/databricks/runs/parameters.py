"""Parameters of runs: what may be asked for together, and what a task is given in the end. Pure."""
from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from sandbox.databricks.errors import refuse
from sandbox.databricks.jobs.settings_rules import check_parameter_name
from sandbox.databricks.runs.run import Run, TaskRun

# What a run can be given besides job parameters; each is for one type of task.
KINDS = ("jar_params", "notebook_params", "python_params", "python_named_params", "spark_submit_params", "sql_params",
         "dbt_commands", "pipeline_params")
_LARGEST = 10_000
_REFERENCE = re.compile(r"\{\{\s*([A-Za-z0-9_.-]+)\s*\}\}")


def check_parameters(fields: Mapping[str, Any], settings: Mapping[str, Any]) -> None:
    """What a request to run or to repair may not mix, exceed or name."""
    given = [kind for kind in KINDS if kind in fields]
    if "jar_params" in given and "notebook_params" in given:
        refuse("jar_params cannot be specified in conjunction with notebook_params")
    if given and settings.get("parameters"):
        refuse(f"{given[0]} cannot be used: the job has job parameters; use job_parameters")
    for kind in (*given, "job_parameters"):
        if len(json.dumps({kind: fields.get(kind)}).encode()) > _LARGEST:
            refuse(f"{kind}: the JSON representation cannot exceed {_LARGEST} bytes")
    for kind in ("python_params", "spark_submit_params"):
        if not "".join(fields.get(kind, [])).isascii():
            refuse(f"{kind}: only ASCII characters are supported")
    for name in fields.get("job_parameters", {}):
        check_parameter_name(name)


def job_parameters(settings: Mapping[str, Any], overriding: Mapping[str, str]) -> dict[str, str]:
    """The job's own parameters with what the request says instead."""
    defaults = {parameter["name"]: parameter.get("default", "") for parameter in settings.get("parameters", ())}
    return {**defaults, **overriding}


def widgets(run: Run, attempt: TaskRun) -> dict[str, str]:
    """What a notebook reads: its own parameters, those of the request over them, those of the job over both."""
    own = attempt.task["notebook_task"].get("base_parameters", {})
    merged = {**own, **run.overriding.get("notebook_params", {}), **run.job_parameters}
    return {name: resolved(value, run, attempt) for name, value in merged.items()}


def arguments(run: Run, attempt: TaskRun, own: list[str]) -> dict[str, str]:
    """The argument list of a program, each under its place: the request's list replaces the task's."""
    given = run.overriding.get("python_params", own)
    return {str(place): resolved(value, run, attempt) for place, value in enumerate(given)}


def named_arguments(run: Run, attempt: TaskRun, own: Mapping[str, str]) -> dict[str, str]:
    merged = {**own, **run.overriding.get("python_named_params", {}), **run.job_parameters}
    return {name: resolved(value, run, attempt) for name, value in merged.items()}


def resolved(text: str, run: Run, attempt: TaskRun) -> str:
    """`text` with `{{job.id}}` and its like filled in; what is not known stays as it is."""
    known = _known(run, attempt)
    return _REFERENCE.sub(lambda found: known.get(found[1], found[0]), text)


def _known(run: Run, attempt: TaskRun) -> dict[str, str]:
    """https://learn.microsoft.com/azure/databricks/jobs/dynamic-value-references."""
    start = datetime.fromtimestamp(run.start_time, timezone.utc)
    return {
        "job.id": str(run.job_id), "job_id": str(run.job_id), "job.name": run.name,
        "job.run_id": str(run.run_id), "parent_run_id": str(run.run_id),
        "job.start_time.iso_date": f"{start:%Y-%m-%d}", "start_date": f"{start:%Y-%m-%d}",
        "job.start_time.iso_datetime": f"{start:%Y-%m-%dT%H:%M:%S}",
        "job.start_time.timestamp_ms": str(int(run.start_time * 1000)),
        "task.name": attempt.key, "task_key": attempt.key, "task.run_id": str(attempt.run_id),
        "run_id": str(attempt.run_id), "task.execution_count": str(attempt.attempt + 1),
        "task_retry_count": str(attempt.attempt),
        **{f"job.parameters.{name}": value for name, value in run.job_parameters.items()},
        **(_input(json.loads(attempt.item)) if attempt.item else {}),
    }


def _input(item: object) -> dict[str, str]:
    """What an iteration is for: `{{input}}`, and each field of an object as `{{input.name}}`."""
    fields = item if isinstance(item, dict) else {}
    return {"input": _text(item), **{f"input.{name}": _text(value) for name, value in fields.items()}}


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
