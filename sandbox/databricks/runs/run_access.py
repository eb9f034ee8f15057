"""Who may see, stop and change a run: by the rights on its job; a one-time run is its creator's and the admins'."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.errors import denied, refuse_missing
from sandbox.databricks.permissions.access import JOBS
from sandbox.databricks.runs.run import Run, TaskRun


def run_of(call: Call, fields: dict[str, Any], level: str, *, settle: bool = True) -> tuple[Run, TaskRun | None]:
    """The run `fields` name, or the task run and its run, as they are by now, unless `settle` is false."""
    if "run_id" not in fields:
        refuse_missing("run_id")
    runs, run_id = call.state.runs, fields["run_id"]
    run, _ = runs.store.find(run_id)
    if not _may(call, run, level):
        needed = "View" if level == "CAN_VIEW" else "Manage Run"
        message = f"User {call.caller.name} does not have {needed} permissions on run {run_id}"
        raise denied(message)
    if settle:
        runs.settle_job(run.job_id)
    runs.remove_outlived()
    return runs.store.find(run_id)


def _may(call: Call, run: Run, level: str) -> bool:
    if call.is_admin or run.creator == call.caller.name:
        return True
    return call.state.access.level(JOBS, str(run.job_id), call.caller) >= JOBS.rank(level)
