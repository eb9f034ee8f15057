"""jobs/runs/list: newest first, by job, activity, type and time."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.errors import refuse
from sandbox.databricks.jobs.job_access import job_of
from sandbox.databricks.jobs.job_view import paged
from sandbox.databricks.jobs.pages import Cut, page_of
from sandbox.databricks.permissions.access import JOBS
from sandbox.databricks.runs.run import ACTIVE, Run
from sandbox.databricks.runs.run_view import PAGED, run_row

_DEFAULT = 20
_LARGEST = 25
_LARGEST_OFFSET = 10_000


def list_runs(call: Call) -> dict[str, Any]:
    fields = call.fields("jobs/runs/list")
    if fields.get("active_only") and fields.get("completed_only"):
        refuse("active_only and completed_only cannot both be true")
    offset = fields.get("offset", 0)
    if not 0 <= offset <= _LARGEST_OFFSET:
        refuse(f"Invalid offset {offset} - it has to be no more than {_LARGEST_OFFSET}.")
    cut = Cut(_limit(fields), offset, fields.get("page_token", ""))
    call.state.runs.settle_starting_others()
    call.state.runs.remove_outlived()
    ids = _ids(call, fields)
    if "job_id" in fields or call.is_admin:
        page = page_of(ids, _look(call, fields), cut)
    else:
        page = page_of(ids, _look_of_some(call, fields), cut, lambda: sorted(_seen(call).intersection(ids)))
    rows = [_row(call, run, expand=fields.get("expand_tasks", False)) for run in page.rows.values()]
    if not rows:
        return {"has_more": page.has_more}  # as in a list of no jobs
    return {"runs": rows, "has_more": page.has_more, "next_page_token": page.next_page_token,
            "prev_page_token": page.prev_page_token}


def _limit(fields: dict[str, Any]) -> int:
    """0 asks for the most. The number in the message is the service's own, recorded from a workspace."""
    limit: int = fields.get("limit", _DEFAULT)
    if limit > _LARGEST + 1:
        refuse(f"Invalid limit {limit} - it has to be no more than {_LARGEST + 1}.")
    if limit < 0:
        refuse(f"Invalid limit {limit} - it has to be greater than 0.")
    return min(limit or _LARGEST, _LARGEST)


def _ids(call: Call, fields: dict[str, Any]) -> list[int]:
    store, job_id = call.state.runs.store, fields.get("job_id")
    if job_id is not None:
        # The runs of a job that was deleted are not told.
        job_of(call, fields, "CAN_VIEW")
    return sorted(run.run_id for run in store.active.of(job_id)) if fields.get("active_only") else store.ids(job_id)


def _look(call: Call, fields: dict[str, Any]) -> Callable[[int], Run | None]:
    """Through the filter, at runs as they are by now: only what is looked at is moved, job by job."""
    settled: set[int] = set()

    def look(run_id: int) -> Run | None:
        run = call.state.runs.store[run_id]
        if not run.is_over and run.job_id not in settled:
            settled.add(run.job_id)
            call.state.runs.settle_job(run.job_id)
        return run if _fits(run, fields) else None

    return look


def _look_of_some(call: Call, fields: dict[str, Any]) -> Callable[[int], Run | None]:
    """As `_look`, for one who sees the runs he started, and those of jobs on which he has a right."""
    look, store, access = _look(call, fields), call.state.runs.store, call.state.access
    identities = frozenset(who.id for who in call.identities)

    def look_if_seen(run_id: int) -> Run | None:
        run = store[run_id]
        seen = run.creator == call.caller.name or access.names_one_of(JOBS, str(run.job_id), identities)
        return look(run_id) if seen else None

    return look_if_seen


def _seen(call: Call) -> set[int]:
    """Of all runs, those one who is no admin sees."""
    store = call.state.runs.store
    granted = call.state.access.granted_to(JOBS, call.identities)
    return {*store.ids_of_creator(call.caller.name), *(run for job_id in granted for run in store.ids(int(job_id)))}


def _fits(run: Run, fields: dict[str, Any]) -> bool:
    started = int(run.start_time * 1000)
    return (
        not (fields.get("completed_only") and run.life in ACTIVE)
        and not (fields.get("active_only") and run.is_over)
        and run.run_type == fields.get("run_type", run.run_type)
        and fields.get("start_time_from", started) <= started <= fields.get("start_time_to", started)
    )


def _row(call: Call, run: Run, *, expand: bool) -> dict[str, Any]:
    row = run_row(call, run, arrays=expand)
    if call.version != "2.2" or not expand:
        return row
    row, token = paged(row, PAGED, "")
    return {**row, "has_more": bool(token)}
