"""Deployment jobs with the runOnce strategy: each hook is a job of its own on the agent, one after the other."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sandbox.pipelines.job_runner import JobOutcome, JobPlan, run_job, with_download
from sandbox.pipelines.job_state import RunState
from sandbox.pipelines.results import Result, is_good, of_parts

_IN_ORDER = ("preDeploy", "deploy", "routeTraffic", "postRouteTraffic")
_FAILURE, _SUCCESS = "on.failure", "on.success"


def run_deployment(run: RunState, make_plan: Callable[[str], JobPlan], hooks: list[str]) -> JobOutcome:
    """Run hooks until one fails, then `on.failure`, else `on.success`. A hook after a failed one does not run."""
    outcomes: list[JobOutcome] = []
    for hook in (name for name in _IN_ORDER if name in hooks):
        outcomes.append(run_job(run, make_plan(hook)))
        if not is_good(outcomes[-1].result):
            break
    last = _SUCCESS if all(is_good(one.result) for one in outcomes) else _FAILURE
    if last in hooks and not run.canceled.is_set():
        outcomes.append(run_job(run, make_plan(last)))
    outputs = {key: value for one in outcomes for key, value in one.outputs.items()}
    return JobOutcome(of_parts(one.result for one in outcomes) if outcomes else Result.SUCCEEDED, outputs)


def hook_plan(plan: JobPlan, hook: str) -> JobPlan:
    """The plan of one hook. Outputs of `deploy` are read by the name of the job, of others by the hook's."""
    job = plan.job
    steps = with_download(job.hooks[hook], job.position) if hook == "deploy" else list(job.hooks[hook])
    prefix = f"{job.name}." if hook == "deploy" else f"{hook.removeprefix('on.')}."
    extra = {**plan.extra, "Environment.Name": job.environment, "Strategy.Name": "runOnce",
             "Strategy.CycleName": "PrimaryCycle"}
    return replace(plan, steps=steps, prefix=prefix, extra=extra)
