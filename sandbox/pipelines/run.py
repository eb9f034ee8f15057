"""Runs a pipeline: expand, read, check, and only then execute."""
from __future__ import annotations

import itertools
import threading
import time

from sandbox.pipelines.artifacts import ArtifactStore
from sandbox.pipelines.deployments import hook_plan, run_deployment
from sandbox.pipelines.gate_keeper import GateKeeper
from sandbox.pipelines.job_legs import Leg
from sandbox.pipelines.job_runner import JobOutcome, JobPlan, run_job, with_checkout
from sandbox.pipelines.job_state import RunState
from sandbox.pipelines.log import RunLog
from sandbox.pipelines.masking import masker_of
from sandbox.pipelines.model import Stage
from sandbox.pipelines.nodes import PipelineError
from sandbox.pipelines.prepare import Prepared, prepare
from sandbox.pipelines.request import RunListener, RunRequest, RunResult
from sandbox.pipelines.results import Result
from sandbox.pipelines.run_number import run_number
from sandbox.pipelines.scheduler import Scheduler
from sandbox.pipelines.stage_run import JobRun, StageRun
from sandbox.pipelines.variables import Entry, Variables

LOG_NAME = "log.txt"


def run_pipeline(
    request: RunRequest, listener: RunListener | None = None, cancelled: threading.Event | None = None,
) -> RunResult:
    """Run it to its end. What is wrong with the pipeline itself comes back as `error`, before any step ran."""
    begin = time.monotonic()
    try:
        checked = prepare(request)
    except PipelineError as error:
        if listener:
            listener.run_started(request.definition_name)
            listener.run_finished(Result.FAILED.value, time.monotonic() - begin)
        return RunResult(Result.FAILED.value, error=str(error))
    log = RunLog(request.work_folder / "logs" / LOG_NAME, listener)
    try:
        run = _run_state(request, checked, log, cancelled or threading.Event())
        if request.tracker:
            request.tracker.planned(checked.pipeline.stages, run.repositories)
        log.tell(lambda one: one.run_started(run.build_number))
        result = _execute(run, checked)
        log.tell(lambda one: one.run_finished(result.value, time.monotonic() - begin))
        return _report(run, checked, result)
    finally:
        log.close()


def _run_state(request: RunRequest, checked: Prepared, log: RunLog, canceled: threading.Event) -> RunState:
    number = run_number(checked.pipeline.name_format, request, checked.variables, checked.start)
    number = masker_of(checked.variables).mask(number)
    checked.variables.define(Entry("Build.BuildNumber", number, read_only=True))
    return RunState(
        request, {"self": request.commit, **checked.expanded.repositories}, log,
        ArtifactStore(request.work_folder / "artifacts"), canceled, number, checked.predefined,
        secret_outputs=checked.scopes.secret_outputs,
    )


def _execute(run: RunState, checked: Prepared) -> Result:
    agents = itertools.count(1)
    gate = GateKeeper(run, checked.pipeline)
    scheduler = Scheduler(run, checked.stages, checked.graph, scopes=checked.scopes, gate=gate)

    def run_leg(stage: StageRun, job: JobRun, leg: Leg) -> JobOutcome:
        def plan() -> JobPlan:
            return _plan(stage.stage, job, leg, next(agents))

        if not job.job.is_deployment:
            return run_job(run, plan())
        return run_deployment(run, lambda hook: hook_plan(plan(), hook), list(job.job.hooks))

    result = scheduler.run(checked.variables, checked.start, run_leg)
    return Result.CANCELED if run.canceled.is_set() else result


def _plan(stage: Stage, job: JobRun, leg: Leg, agent: int) -> JobPlan:
    variables = job.variables.copy() if job.variables else Variables()
    for name, value in leg.variables.items():
        variables.set(name, value)
    steps = job.job.steps if job.job.on_server else with_checkout(job.job.steps, job.job.position)
    return JobPlan(
        job.job, f"{job.title} {leg.name}".strip(), steps, variables,
        stage.name, stage.display_name, agent, after_cancel=job.after_cancel,
    )


def _report(run: RunState, checked: Prepared, result: Result) -> RunResult:
    stages = {name: one.result.value for name, one in checked.stages.items() if one.result}
    jobs = {job.title: job.result.value for stage in checked.stages.values()
            for job in stage.jobs.values() if job.result}
    return RunResult(
        result.value, {**stages, **dict.fromkeys(checked.skipped, Result.SKIPPED.value)}, jobs, run.steps,
        run.log.tail, run.log.file, dict(run.artifacts.folders), run.summaries,
    )
