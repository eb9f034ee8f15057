"""Cancel, delete and repair runs."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.errors import deny, invalid_state, not_modelled, refuse, refuse_missing
from sandbox.databricks.jobs.job_access import job_of
from sandbox.databricks.permissions.access import JOBS
from sandbox.databricks.runs.parameters import KINDS, check_parameters, job_parameters
from sandbox.databricks.runs.run import Run, TaskRun
from sandbox.databricks.runs.run_access import run_of
from sandbox.databricks.runs.run_making import new_attempts

_GOOD = frozenset({"SUCCESS", "EXCLUDED", "DISABLED"})


def cancel(call: Call) -> dict[str, Any]:
    """Asynchronous; a run that is over keeps its result."""
    run, attempt = run_of(call, call.fields("jobs/runs/cancel"), "CAN_MANAGE_RUN", settle=False)
    if attempt is not None:
        what = "to cancel a single task run; cancel the run of the job"
        raise not_modelled(what)
    call.state.runs.cancel(run)
    return {}


def cancel_all(call: Call) -> dict[str, Any]:
    fields = call.fields("jobs/runs/cancel-all")
    if "job_id" in fields:
        job = job_of(call, fields, "CAN_MANAGE_RUN")
        call.state.runs.cancel_all(job.job_id)
        return {}
    if not fields.get("all_queued_runs"):
        refuse_missing("job_id")
    if not call.state.directory.is_admin(call.caller):
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
    call.state.runs.store.remove(run)
    if run.run_type == "SUBMIT_RUN":
        call.state.access.remove_object(JOBS, str(run.job_id))
    return {}


def repair(call: Call) -> dict[str, Any]:
    fields = call.fields("jobs/runs/repair")
    run, _ = run_of(call, fields, "CAN_MANAGE_RUN")
    if not run.is_over:
        message = f"Run {run.run_id} is still active and cannot be repaired."
        raise invalid_state(message)
    latest = run.repairs[-1].id
    if fields.get("latest_repair_id", 0) != latest:
        refuse(f"latest_repair_id: the latest repair of run {run.run_id} is {latest or 'none'}")
    check_parameters(fields, run.settings)
    attempts = _attempts(call, run, _wanted(run, fields))
    run.overriding = {**run.overriding, **{kind: fields[kind] for kind in KINDS if kind in fields}}
    if "job_parameters" in fields:
        run.job_parameters = job_parameters(run.settings, fields["job_parameters"])
    return {"repair_id": call.state.runs.repair(run, attempts)}


def _wanted(run: Run, fields: dict[str, Any]) -> set[str]:
    """Which tasks run again: those named, or all that failed, with what depends on them if asked."""
    if bool(fields.get("rerun_tasks")) == bool(fields.get("rerun_all_failed_tasks")):
        refuse("Exactly one of rerun_tasks and rerun_all_failed_tasks must be specified")
    latest = run.latest
    named = set(fields.get("rerun_tasks", ()))
    if named - latest.keys():
        refuse(f"rerun_tasks: the run has no task {', '.join(sorted(named - latest.keys()))}")
    wanted = named or {attempt.key for attempt in run.latest.values() if attempt.result not in _GOOD}
    if not wanted:
        refuse(f"Run {run.run_id} has no failed tasks to run again.")
    return _with_dependents(run, wanted) if named and fields.get("rerun_dependent_tasks") else wanted


def _with_dependents(run: Run, wanted: set[str]) -> set[str]:
    found: set[str] = set()
    while wanted != found:
        found = wanted
        wanted = found | {attempt.key for attempt in run.latest.values()
                          if any(row["task_key"] in found for row in attempt.task.get("depends_on", ()))}
    return found


def _attempts(call: Call, run: Run, wanted: set[str]) -> list[TaskRun]:
    latest = run.latest
    attempts = new_attempts(call.state, run, [latest[key].task for key in latest if key in wanted])
    for attempt in attempts:
        before = latest[attempt.key]
        attempt.attempt, attempt.first_run_id = before.attempt + 1, before.first_run_id
    return attempts
