"""jobs/run-now and jobs/runs/submit; the start of a scheduled run."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.errors import ApiError, no_cluster, not_modelled, refuse
from sandbox.databricks.jobs.job import Job, Settings, tasks_of
from sandbox.databricks.jobs.job_access import job_of, run_as_of, runs_as, set_first_rights
from sandbox.databricks.jobs.settings_form import kept_settings
from sandbox.databricks.jobs.settings_rules import check_settings
from sandbox.databricks.runs.parameters import KINDS, check_parameters, job_parameters
from sandbox.databricks.runs.run import Repair, Run, TaskRun
from sandbox.databricks.state import WorkspaceState

_TOKEN = 64
# These decide which other tasks run, and how often: to pass over them would be to guess.
_NOT_MODELLED = ("condition_task", "for_each_task", "run_job_task")


def run_now(call: Call) -> dict[str, Any]:
    fields = call.fields("jobs/run-now")
    job = job_of(call, fields, "CAN_MANAGE_RUN")
    token = _token(fields)
    earlier = call.state.runs.store.earlier("JOB_RUN", job.job_id, token)
    if earlier is not None:
        return {"run_id": earlier, "number_in_job": earlier}
    check_parameters(fields, job.settings)
    queue = fields.get("queue") or job.settings.get("queue", {})
    call.state.runs.settle_all()
    run = job_run(call.state, job, creator=call.caller.name, only=fields.get("only"))
    run.idempotency_token, run.queues = token, queue.get("enabled", False)
    run.overriding = {kind: fields[kind] for kind in KINDS if kind in fields}
    run.job_parameters = job_parameters(job.settings, fields.get("job_parameters", {}))
    _begin(call.state, run, only=fields.get("only"))
    return {"run_id": run.run_id, "number_in_job": run.run_id}


def submit(call: Call) -> dict[str, Any]:
    """A run without a job. Version 2.0 takes a single task at the top as well."""
    fields = call.fields("jobs/runs/submit 2.0" if call.version == "2.0" else "jobs/runs/submit")
    token = _token(fields)
    earlier = call.state.runs.store.earlier("SUBMIT_RUN", 0, token)
    if earlier is not None:
        return {"run_id": earlier}
    check_settings(fields, serverless=call.state.serverless)
    run_as = run_as_of(call, fields) or call.caller
    settings = kept_settings(fields, queues=False)
    if not tasks_of(settings):
        # Worded like https://github.com/DataThirstLtd/azure.databricks.cicd.tools/issues/63.
        refuse("Run settings must be specified.")
    for task in tasks_of(settings):
        if task.get("existing_cluster_id", "") not in {"", *call.state.clusters}:
            raise no_cluster(task["existing_cluster_id"])
    run = Run(call.state.jobs.new_id(), "PENDING", call.now, job_id=call.state.jobs.new_id(),
              name=fields.get("run_name", "Untitled"), settings=settings, creator=call.caller.name,
              run_as=run_as.name, run_type="SUBMIT_RUN", idempotency_token=token)
    # A one-time run has a hidden job, on which the rights hang.
    set_first_rights(call, run.job_id, fields.get("access_control_list", []))
    _begin(call.state, run)
    return {"run_id": run.run_id}


def start_scheduled(state: WorkspaceState, job: Job) -> None:
    """As the scheduler does: with the job's own parameters, under the owner's name."""
    run = job_run(state, job, creator=job.creator)
    run.trigger, run.queues = "PERIODIC", job.settings.get("queue", {}).get("enabled", False)
    run.job_parameters = job_parameters(job.settings, {})
    _begin(state, run)


def job_run(state: WorkspaceState, job: Job, *, creator: str, only: list[str] | None = None) -> Run:
    if not job.tasks:
        refuse(f"Job {job.job_id} has no tasks to run.")
    unknown = sorted(set(only or ()) - {task["task_key"] for task in job.tasks})
    if unknown:
        refuse(f"only: the job has no task {', '.join(unknown)}")
    if "continuous" in job.settings and state.runs.store.active(job.job_id):
        message = f"Job {job.job_id} is continuous and has an active run already."
        raise ApiError(409, "CONFLICT", message)
    runner = runs_as(state, job)
    return Run(state.jobs.new_id(), "PENDING", state.clock.now(), job_id=job.job_id, name=job.name,
               settings=job.settings, creator=creator, run_as=runner.name if runner else creator)


def _begin(state: WorkspaceState, run: Run, *, only: list[str] | None = None) -> None:
    tasks = [task for task in tasks_of(run.settings) if not only or task["task_key"] in only]
    attempts = new_attempts(state, run, tasks)
    run.repairs.append(Repair(0, run.start_time, tuple(attempt.run_id for attempt in attempts)))
    state.runs.start(run, attempts)


def new_attempts(state: WorkspaceState, run: Run, tasks: list[Settings]) -> list[TaskRun]:
    attempts = []
    for task in tasks:
        for kind in _NOT_MODELLED:
            if kind in task:
                what = f"{kind} (task {task['task_key']!r})"
                raise not_modelled(what)
        run_id = state.jobs.new_id()
        attempts.append(TaskRun(run_id, "PENDING", run.start_time, task=task, first_run_id=run_id))
    return attempts


def _token(fields: dict[str, Any]) -> str:
    token: str = fields.get("idempotency_token", "")
    if len(token) > _TOKEN:
        refuse(f"idempotency_token: at most {_TOKEN} characters are allowed")
    return token
