"""A run as the Jobs API shows it: both the old `state` and the newer `status`, its tasks, its times."""
from __future__ import annotations

import math
from itertools import zip_longest
from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.jobs.job import ONLY_TASK, SINGLE_TASK
from sandbox.databricks.runs.run import Outcome, Progress, Repair, Run, TaskRun
from sandbox.databricks.runs.task_view import cluster_of, shown_task

PAGED = ("tasks", "job_clusters", "job_parameters", "repair_history", "iterations")
# The newer status has neither skipped runs nor broken ones: these are terminated, for a reason.
_STATUS = {"SKIPPED": "TERMINATED", "INTERNAL_ERROR": "TERMINATED", "WAITING_FOR_RETRY": "WAITING"}

_QUEUED = {"MAX_CONCURRENT_RUNS_REACHED": "Queued due to reaching maximum concurrent runs",
           "ACTIVE_RUNS_LIMIT_REACHED": "Queued due to reaching the active runs limit of the workspace"}


def run_row(call: Call, run: Run, *, arrays: bool = True) -> dict[str, Any]:
    """Counts as a read of the run's state. `arrays` False leaves out tasks and what else is told on demand."""
    row = {**_head(call, run), **_times(run), **_progress(run)}
    if run.settings.get("schedule") and run.trigger == "PERIODIC":
        row["schedule"] = run.settings["schedule"]
    if run.overriding:
        row["overriding_parameters"] = run.overriding
    if run.job_parameters:
        row["job_parameters"] = _job_parameters(run)
    if run.settings.get("format") == SINGLE_TASK:
        row.update(_only_task(run))
    if arrays:
        row.update(_arrays(call, run))
    call.state.runs.store.seen(run)
    return row


def task_row(call: Call, run: Run, attempt: TaskRun) -> dict[str, Any]:
    """A task run, as it is shown within its run."""
    row = {"run_id": attempt.run_id, "attempt_number": attempt.attempt, **shown_task(run, attempt), **_times(attempt),
           **_progress(attempt), "run_page_url": _url(call, run, attempt.run_id)}
    if attempt.first_run_id != attempt.run_id:
        row["original_attempt_run_id"] = attempt.first_run_id
    return {**row, **cluster_of(attempt)}


def task_run_row(call: Call, run: Run, attempt: TaskRun) -> dict[str, Any]:
    """A task run read by its own id: shaped like a run."""
    row = {**_head(call, run), **_times(attempt), **_progress(attempt), "run_id": attempt.run_id,
           "number_in_job": attempt.run_id, "original_attempt_run_id": attempt.first_run_id, "job_run_id": run.run_id,
           "attempt_number": attempt.attempt, "run_page_url": _url(call, run, attempt.run_id),
           "tasks": [task_row(call, run, attempt)], "run_name": attempt.key, **cluster_of(attempt)}
    iterations = run.iterations(attempt)
    if iterations:
        row["iterations"] = [task_row(call, run, iteration) for iteration in iterations]
    call.state.runs.store.seen(run)
    return row


def _head(call: Call, run: Run) -> dict[str, Any]:
    """`number_in_job` equals the id since the numbers of runs were given up. A creator who is gone is not told."""
    is_known = call.state.directory.someone(run.creator) is not None
    return {
        "job_id": run.job_id, "run_id": run.run_id, "number_in_job": run.run_id,
        **({"creator_user_name": run.creator} if is_known else {}),
        "original_attempt_run_id": run.run_id, "run_name": run.name, "run_type": run.run_type, "trigger": run.trigger,
        "format": run.settings.get("format", "MULTI_TASK"), "run_page_url": _url(call, run, run.run_id),
    }


def _url(call: Call, run: Run, run_id: int) -> str:
    return f"{call.request.origin}/?o={call.state.org_id}#job/{run.job_id}/run/{run_id}"


def _progress(progress: Progress) -> dict[str, Any]:
    state: dict[str, Any] = {"life_cycle_state": progress.life, "state_message": progress.message,
                             "user_cancelled_or_timedout": progress.result in {"CANCELED", "TIMEDOUT"}}
    status: dict[str, Any] = {"state": _STATUS.get(progress.life, progress.life)}
    if progress.result:
        state["result_state"] = progress.result
    if isinstance(progress, Run) and progress.life == "QUEUED":
        text = _QUEUED[progress.queued_for]
        state["queue_reason"] = text
        status["queue_details"] = {"code": progress.queued_for, "message": text}
    details = _ending(progress)
    if details is not None:
        status["termination_details"] = details
    return {"state": state, "status": status}


def _ending(progress: Progress) -> dict[str, str] | None:
    """Told as soon as it is known, which is before the run is over."""
    ending: Outcome | Progress | None = progress if progress.is_over else None
    if isinstance(progress, Run) and progress.life == "TERMINATING":
        ending = progress.ending
    if ending is None:
        return None
    return {"code": ending.code, "type": ending.blame, "message": ending.message}


def _times(progress: Progress) -> dict[str, int]:
    """Milliseconds. Only task runs tell what was set-up and what execution; runs tell the whole."""
    end = progress.end_time
    if isinstance(progress, TaskRun):
        began = progress.execution_start or end
        setup = began - progress.start_time if began else 0.0
        times = {"setup_duration": setup, "execution_duration": end - began if end else 0.0, "cleanup_duration": 0.0}
    else:
        times = {"setup_duration": 0.0, "execution_duration": 0.0, "cleanup_duration": 0.0,
                 "run_duration": end - progress.start_time if end else 0.0}
    return {name: int(value * 1000) for name, value in
            {"start_time": progress.start_time, "end_time": end, **times}.items()}


def _arrays(call: Call, run: Run) -> dict[str, Any]:
    """Every attempt of every task, so that a retry does not hide what failed before."""
    arrays: dict[str, Any] = {}
    if run.settings.get("format") != SINGLE_TASK or call.version != "2.0":
        arrays["tasks"] = [task_row(call, run, attempt) for attempt in run.tasks]
    for name in ("job_clusters", "git_source"):
        if name in run.settings:
            arrays[name] = run.settings[name]
    if len(run.repairs) > 1:
        arrays["repair_history"] = [_repair(run, *round_) for round_ in zip_longest(run.repairs, run.repairs[1:])]
    return arrays


def _repair(run: Run, repair: Repair, following: Repair | None) -> dict[str, Any]:
    """A round with its own ending, and with the task runs that were tried again in it."""
    round_: Progress = run
    if repair.ending is not None:
        round_ = Progress(run.run_id, "", repair.start_time)
        round_.end(repair.ending, repair.end_time)
    behind = min(following.task_run_ids) if following else math.inf
    ids = [attempt.run_id for attempt in run.tasks if min(repair.task_run_ids) <= attempt.run_id < behind]
    row: dict[str, Any] = {"type": "REPAIR" if repair.id else "ORIGINAL", "start_time": int(repair.start_time * 1000),
                           "end_time": int(round_.end_time * 1000), "task_run_ids": ids, **_progress(round_)}
    return {**row, "id": repair.id} if repair.id else row


def _job_parameters(run: Run) -> list[dict[str, str]]:
    defaults = {row["name"]: row.get("default", "") for row in run.settings.get("parameters", ())}
    return [{"name": name, **({"default": defaults[name]} if name in defaults else {}), "value": value}
            for name, value in run.job_parameters.items()]


def _only_task(run: Run) -> dict[str, Any]:
    """A run of the old format shows its one task at the top."""
    attempt = run.latest[ONLY_TASK]
    task = {name: value for name, value in attempt.task.items() if name.endswith("_task")}
    spec = {name: attempt.task[name] for name in ("existing_cluster_id", "new_cluster", "libraries")
            if name in attempt.task}
    return {"task": task, "cluster_spec": spec, "attempt_number": attempt.attempt, **cluster_of(attempt)}
