"""Runs one job on a fresh agent: folders, checkout, steps one after the other, and what is left behind ended."""
from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from sandbox.pipelines.folders import AgentFolders
from sandbox.pipelines.job_state import SECONDS_PER_MINUTE, JobState, RunState
from sandbox.pipelines.model import Job, Step
from sandbox.pipelines.nodes import Position
from sandbox.pipelines.orphans import end_orphans
from sandbox.pipelines.predefined import of_job, of_plan
from sandbox.pipelines.results import Result
from sandbox.pipelines.step_runner import run_step
from sandbox.pipelines.tracker import JobFacts
from sandbox.pipelines.variables import Entry, Variables


@dataclass(frozen=True)
class JobPlan:
    """One agent's work: a job, a leg of its matrix, or a hook of its deployment.

    `prefix` goes before the names of its outputs; `agent` numbers the agent it runs on.
    """

    job: Job
    title: str
    steps: Sequence[Step]
    variables: Variables
    stage_name: str
    stage_display: str
    agent: int
    prefix: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    after_cancel: bool = False


@dataclass(frozen=True)
class JobOutcome:
    result: Result
    outputs: Mapping[str, str]


def run_job(run: RunState, plan: JobPlan) -> JobOutcome:
    """Run the steps to the end. A job that still waited for an agent when the run was canceled has none."""
    if run.canceled.is_set() and not plan.after_cancel:
        return JobOutcome(Result.CANCELED, {})
    job = _job_state(run, plan)
    with _at_work(job, plan) as token, job.lifeline:
        if token:
            job.variables.define(Entry("System.AccessToken", token, secret=True, read_only=True))
            job.learn_secrets()
        return _work(job, plan)


def _at_work(job: JobState, plan: JobPlan) -> AbstractContextManager[str]:
    request = job.run.request
    facts = JobFacts(job.id, plan.stage_name, plan.job.name, plan.title,
                     plan.job.display_name)
    return request.tracker.at_work(facts) if request.tracker else nullcontext(request.access_token)


def _work(job: JobState, plan: JobPlan) -> JobOutcome:
    run = job.run
    start = time.monotonic()
    run.log.tell(lambda listener: listener.job_started(plan.title))
    for step in plan.steps:
        run_step(job, step)
    if job.timed_out:
        job.write("", f"##[error]The job running on agent sandbox ran longer than the maximum time of "
                      f"{plan.job.timeout_minutes:g} minutes.")
    if ended := end_orphans(job.lookup_id):
        job.write("", f"Cleaning up orphan processes: {ended} ended")
    job.folders.purge_temp()
    result = job.status or Result.SUCCEEDED
    if result is Result.FAILED and plan.job.continue_on_error:
        result = Result.SUCCEEDED_WITH_ISSUES
    run.log.tell(lambda listener: listener.job_finished(plan.title, result.value, time.monotonic() - start))
    return JobOutcome(result, {f"{plan.prefix}{name}": value for name, value in job.outputs.items()})


def _job_state(run: RunState, plan: JobPlan) -> JobState:
    folders = AgentFolders((run.request.work_folder / "agents" / str(plan.agent)).resolve())
    folders.make()
    names = {"stage": plan.stage_name, "stage_display": plan.stage_display, "phase": plan.job.name,
             "job": plan.job.name, "job_display": plan.job.display_name}
    variables = plan.variables.copy()
    queued = {name.casefold() for name in run.request.variables}
    of_agent = of_job(folders, names)
    own = {"Build.BuildNumber": run.build_number, **of_agent, **of_plan(run.request, of_agent["System.JobId"]),
           **plan.extra}
    for name, value in {**run.predefined, **own}.items():
        if name.casefold() not in queued:
            variables.set(name, value, read_only=True)
    limit = plan.job.timeout_minutes * SECONDS_PER_MINUTE
    return JobState(
        run, plan.title, variables, folders,
        several_checkouts=sum(1 for step in plan.steps if is_checkout(step)) > 1,
        after_cancel=plan.after_cancel,
        id=of_agent["System.JobId"],
        deadline=time.monotonic() + limit if limit else None,
        cancel_seconds=plan.job.cancel_timeout_minutes * SECONDS_PER_MINUTE,
    )


def is_checkout(step: Step) -> bool:
    return step.task == "checkout" and step.inputs.get("repository", "self") != "none"


def with_checkout(steps: Sequence[Step], position: Position) -> list[Step]:
    """A job without any checkout step, not even `checkout: none`, starts by checking out its own repository."""
    if any(step.task == "checkout" for step in steps):
        return list(steps)
    return [Step("checkout", "", "Checkout self", {"repository": "self"}, {}, position), *steps]


def with_download(steps: Sequence[Step], position: Position) -> list[Step]:
    """A deploy hook without a download step starts by downloading every artifact of the run."""
    if any(step.task == "download" for step in steps):
        return list(steps)
    return [Step("download", "", "Download artifacts", {"alias": "current"}, {}, position), *steps]
