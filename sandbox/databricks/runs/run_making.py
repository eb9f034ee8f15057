"""New runs and new attempts, before anything has happened to them."""
from __future__ import annotations

from sandbox.databricks.errors import ApiError, invalid, refuse
from sandbox.databricks.jobs.job import SINGLE_TASK, Job, Settings
from sandbox.databricks.jobs.run_as import runs_as
from sandbox.databricks.runs.run import Repair, Run, TaskRun
from sandbox.databricks.runs.surroundings import Surroundings


def job_run(state: Surroundings, job: Job, *, creator: str) -> Run:
    """A run of `job` under the name it runs as; refused where that cannot be."""
    if not job.tasks:
        refuse(f"Job {job.job_id} has no tasks to run.")
    if "continuous" in job.settings and state.runs.store.active.of(job.job_id):
        message = f"Job {job.job_id} is continuous and has an active run already."
        raise ApiError(409, "CONFLICT", message)
    runner = runs_as(state.directory, state.access, job)
    if runner is None:
        message = f"Job {job.job_id} cannot run: whom it runs as is no longer in the workspace."
        raise invalid(message)
    return Run(state.jobs.new_id(), "PENDING", state.clock.now(), job_id=job.job_id, name=job.name,
               settings=without_tasks(job.settings), creator=creator, run_as=runner.name,
               queues=job.settings.get("queue", {}).get("enabled", False))


def without_tasks(settings: Settings) -> Settings:
    if settings.get("format") == SINGLE_TASK:
        return settings
    return {name: value for name, value in settings.items() if name != "tasks"}


def begin(state: Surroundings, run: Run, tasks: list[Settings]) -> None:
    """Start `run` with these tasks."""
    attempts = new_attempts(state, run, tasks)
    run.repairs.append(Repair(0, run.start_time, tuple(attempt.run_id for attempt in attempts)))
    state.runs.start(run, attempts)


def new_attempts(state: Surroundings, run: Run, tasks: list[Settings]) -> list[TaskRun]:
    attempts = []
    for task in tasks:
        run_id = state.jobs.new_id()
        attempts.append(TaskRun(run_id, "BLOCKED", run.start_time, task=task, job_run_id=run.run_id,
                                first_run_id=run_id))
    return attempts
