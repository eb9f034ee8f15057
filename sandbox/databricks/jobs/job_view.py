"""A job as `jobs/get` and `jobs/list` show it, in each version of the API."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.errors import refuse
from sandbox.databricks.jobs.job import FLAT_FIELDS, SINGLE_TASK, Job, Settings, tasks_of
from sandbox.databricks.jobs.run_as import runs_as
from sandbox.databricks.state import WorkspaceState

PAGED = ("tasks", "job_clusters", "environments", "parameters")
_PAGE = 100


def job_row(state: WorkspaceState, job: Job) -> dict[str, Any]:
    """Everything about a job but its settings. A creator who is not there any more is not told."""
    row: dict[str, Any] = {"job_id": job.job_id, "created_time": int(job.created * 1000)}
    if state.directory.someone(job.creator) is not None:
        row["creator_user_name"] = job.creator
    runner = runs_as(state.directory, state.access, job)
    if runner is not None:
        row["run_as_user_name"] = runner.name
    return row


def shown_settings(job: Job, version: str, *, arrays: bool = True) -> Settings:
    """Version 2.0 shows a job of a single task flat, later ones as a list of one. `arrays` False leaves lists out."""
    settings = dict(job.settings)
    if settings["format"] == SINGLE_TASK and version != "2.0":
        settings = {**{name: value for name, value in settings.items() if name not in FLAT_FIELDS},
                    "tasks": tasks_of(settings)}
    if not arrays:
        return {name: value for name, value in settings.items() if name not in PAGED}
    if version == "2.1" and len(settings.get("tasks", ())) > _PAGE:
        # https://github.com/open-metadata/OpenMetadata/issues/33200
        del settings["tasks"]
    return settings


def paged(row: dict[str, Any], names: tuple[str, ...], token: str) -> tuple[dict[str, Any], str]:
    """One page of the lists `names` of `row`, and the token of the next page, empty on the last."""
    if token and not (token.isdecimal() and len(token) <= 9):
        refuse("page_token is not valid")
    start = int(token or 0)
    cut = {name: row[name][start:start + _PAGE] for name in names if name in row}
    more = any(len(row[name]) > start + _PAGE for name in cut)
    kept = {name: values for name, values in cut.items() if values or not start}
    shown = {name: value for name, value in row.items() if name not in names}
    return {**shown, **kept}, str(start + _PAGE) if more else ""
