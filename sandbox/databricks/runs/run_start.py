"""jobs/run-now and jobs/runs/submit; the start of a scheduled run."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.errors import ApiError, refuse
from sandbox.databricks.idempotency import idempotency_token
from sandbox.databricks.jobs.job import Job, Settings, tasks_of
from sandbox.databricks.jobs.job_access import job_of, run_as_of, set_first_rights
from sandbox.databricks.jobs.references import check_references
from sandbox.databricks.jobs.settings_form import kept_settings
from sandbox.databricks.jobs.settings_rules import check_settings
from sandbox.databricks.runs.parameters import KINDS, check_parameters, job_parameters
from sandbox.databricks.runs.run import Run
from sandbox.databricks.runs.run_making import begin, job_run, without_tasks
from sandbox.databricks.runs.task_choice import chosen
from sandbox.databricks.state import WorkspaceState


def run_now(call: Call) -> dict[str, Any]:
    fields = call.fields("jobs/run-now")
    job = job_of(call, fields, "CAN_MANAGE_RUN")
    token = idempotency_token(fields)
    call.state.runs.remove_outlived()
    earlier = call.state.runs.store.earlier("JOB_RUN", job.job_id, token)
    if earlier is not None:
        return {"run_id": earlier, "number_in_job": earlier}
    check_parameters(fields, job.settings)
    tasks = _named_tasks(job, fields.get("only", []))
    call.state.runs.settle_job(job.job_id)
    run = job_run(call.state, job, creator=call.caller.name)
    run.idempotency_token = token
    if "queue" in fields:
        run.queues = fields["queue"].get("enabled", False)
    run.overriding = {kind: fields[kind] for kind in KINDS if kind in fields}
    run.job_parameters = job_parameters(job.settings, fields.get("job_parameters", {}))
    begin(call.state, run, tasks)
    return {"run_id": run.run_id, "number_in_job": run.run_id}


def submit(call: Call) -> dict[str, Any]:
    """A run without a job. Every version takes a single task at the top as well.

    apache-airflow-providers-databricks has sent such a task to 2.1, and now to 2.2, since
    https://github.com/apache/airflow/pull/19544.
    """
    fields = call.fields("jobs/runs/submit")
    token = idempotency_token(fields)
    call.state.runs.remove_outlived()
    earlier = call.state.runs.store.earlier("SUBMIT_RUN", 0, token)
    if earlier is not None:
        return {"run_id": earlier}
    check_settings(fields, serverless=call.state.serverless)
    run_as = run_as_of(call, fields) or call.caller
    settings = kept_settings(fields, queues=False)
    tasks = tasks_of(settings)
    if not tasks:
        # Worded like https://github.com/DataThirstLtd/azure.databricks.cicd.tools/issues/63.
        refuse("Run settings must be specified.")
    check_references(call.state, fields)
    run = Run(call.state.jobs.new_id(), "PENDING", call.now, job_id=call.state.jobs.new_id(),
              name=fields.get("run_name", "Untitled"), settings=without_tasks(settings), creator=call.caller.name,
              run_as=run_as.name, run_type="SUBMIT_RUN", idempotency_token=token,
              queues=fields.get("queue", {}).get("enabled", False))
    call.state.runs.admission.refuse_beyond_limit(queues=run.queues)
    # A one-time run has a hidden job, on which the rights hang.
    set_first_rights(call, run.job_id, fields.get("access_control_list", []))
    begin(call.state, run, tasks)
    return {"run_id": run.run_id}


def start_scheduled(state: WorkspaceState, job: Job) -> bool:
    """As the scheduler does: with the job's own parameters, under its creator's name. Says whether there is a run."""
    try:
        run = job_run(state, job, creator=job.creator)
    except ApiError:
        # What a caller would be told concerns nobody here: the next time is another chance.
        return False
    run.trigger, run.job_parameters = "PERIODIC", job_parameters(job.settings, {})
    begin(state, run, job.tasks)
    return True


def _named_tasks(job: Job, only: list[str]) -> list[Settings]:
    """The tasks that `only` names, or all."""
    tasks = {task["task_key"]: task for task in job.tasks}
    wanted = chosen(tasks, only) if only else tasks.keys()
    return [task for key, task in tasks.items() if key in wanted]
