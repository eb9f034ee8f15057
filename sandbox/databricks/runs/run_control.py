"""Cancel, delete and repair runs."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.errors import deny, invalid_state, refuse, refuse_missing
from sandbox.databricks.jobs.job import Settings
from sandbox.databricks.jobs.job_access import job_of
from sandbox.databricks.runs.parameters import KINDS, check_parameters, job_parameters
from sandbox.databricks.runs.run import Run, TaskRun
from sandbox.databricks.runs.run_access import run_of
from sandbox.databricks.runs.run_making import new_attempts, without_tasks
from sandbox.databricks.runs.task_choice import with_dependents

_GOOD = frozenset({"SUCCESS", "EXCLUDED", "DISABLED"})


def cancel(call: Call) -> dict[str, Any]:
    """Asynchronous; what is over keeps its result. When one task run is cancelled the others go on."""
    run, attempt = run_of(call, call.fields("jobs/runs/cancel"), "CAN_MANAGE_RUN", settle=False)
    call.state.runs.cancel(run, attempt)
    return {}


def cancel_all(call: Call) -> dict[str, Any]:
    """Of a job all active runs, or those that wait in its queue; without a job all that wait in any."""
    fields = call.fields("jobs/runs/cancel-all")
    queued_only = fields.get("all_queued_runs", False)
    if "job_id" in fields:
        job = job_of(call, fields, "CAN_MANAGE_RUN")
        call.state.runs.cancel_all(job.job_id, queued_only=queued_only)
        return {}
    if not queued_only:
        refuse_missing("job_id")
    if not call.is_admin:
        deny("Only admins can cancel all queued runs of the workspace.")
    call.state.runs.cancel_all(None, queued_only=True)
    return {}


def delete(call: Call) -> dict[str, Any]:
    run, attempt = run_of(call, call.fields("jobs/runs/delete"), "CAN_MANAGE")
    if attempt is not None:
        refuse("A task run cannot be deleted on its own; delete the run of the job")
    if not run.is_over:
        message = f"Run {run.run_id} is still active and cannot be deleted."
        raise invalid_state(message)
    call.state.runs.remove(run)
    return {}


def repair(call: Call) -> dict[str, Any]:
    fields = call.fields("jobs/runs/repair")
    run, _ = run_of(call, fields, "CAN_MANAGE_RUN")
    if not run.is_over:
        message = f"Run {run.run_id} is still active and cannot be repaired."
        raise invalid_state(message)
    _check_latest(run, fields.get("latest_repair_id", 0))
    settings, tasks = _current(call, run)
    check_parameters(fields, settings)
    wanted = _wanted(run, fields, tasks)
    attempts = _attempts(call, run, [tasks[key] for key in run.latest if key in wanted])
    run.settings = settings
    run.overriding = {**run.overriding, **{kind: fields[kind] for kind in KINDS if kind in fields}}
    if "job_parameters" in fields:
        run.job_parameters = job_parameters(settings, fields["job_parameters"])
    return {"repair_id": call.state.runs.repair(run, attempts)}


def _check_latest(run: Run, named: int) -> None:
    """Worded like https://github.com/databricks/databricks-sdk-py/discussions/158 where none is named."""
    latest = run.repairs[-1].id
    if latest and not named:
        refuse("The latest repair ID needs to be provided in order to create a new repair")
    if named != latest:
        refuse(f"latest_repair_id: the latest repair of run {run.run_id} is {latest or 'none'}")


def _current(call: Call, run: Run) -> tuple[Settings, dict[str, Settings]]:
    """The settings, and the tasks of the run by their keys, as the job has them now: these hold for what runs again.

    So says https://docs.databricks.com/api/jobs/v2/repair.md; a run whose job is gone has but its own.
    """
    job = call.state.jobs.find(run.job_id)
    if job is None or job.settings["format"] != run.settings["format"]:
        return run.settings, {key: attempt.task for key, attempt in run.latest.items()}
    return without_tasks(job.settings), {task["task_key"]: task for task in job.tasks if task["task_key"] in run.latest}


def _wanted(run: Run, fields: dict[str, Any], tasks: dict[str, Settings]) -> set[str]:
    """Which tasks run again: those named, or all that failed, with what depends on them if asked."""
    if bool(fields.get("rerun_tasks")) == bool(fields.get("rerun_all_failed_tasks")):
        refuse("Exactly one of rerun_tasks and rerun_all_failed_tasks must be specified")
    named = set(fields.get("rerun_tasks", ()))
    if named - tasks.keys():
        refuse(f"rerun_tasks: the run has no task {', '.join(sorted(named - tasks.keys()))}")
    wanted = named or {key for key in tasks if run.latest[key].result not in _GOOD}
    if not wanted:
        refuse(f"Run {run.run_id} has no failed tasks to run again.")
    return with_dependents(tasks, wanted) if fields.get("rerun_dependent_tasks") else wanted


def _attempts(call: Call, run: Run, tasks: list[Settings]) -> list[TaskRun]:
    attempts = new_attempts(call.state, run, tasks)
    for attempt in attempts:
        before = run.latest[attempt.key]
        attempt.attempt, attempt.first_run_id = before.attempt + 1, before.first_run_id
    return attempts
