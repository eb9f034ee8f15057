"""Runs a pipeline: expand, read, check, and only then execute."""
from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone

from sandbox.pipelines.artifacts import ArtifactStore
from sandbox.pipelines.conditions import check_condition, pipeline_context
from sandbox.pipelines.deployments import hook_plan, run_deployment
from sandbox.pipelines.expressions import Named
from sandbox.pipelines.gate_keeper import GateKeeper
from sandbox.pipelines.graph import Graph, make_graph, without
from sandbox.pipelines.job_legs import Leg
from sandbox.pipelines.job_runner import JobOutcome, JobPlan, run_job, with_checkout
from sandbox.pipelines.job_state import RunState
from sandbox.pipelines.log import RunLog
from sandbox.pipelines.masking import masker_of
from sandbox.pipelines.model import Pipeline, Stage
from sandbox.pipelines.nodes import PipelineError, Position
from sandbox.pipelines.predefined import compile_time, run_time
from sandbox.pipelines.read_model import read_pipeline
from sandbox.pipelines.request import RunListener, RunRequest, RunResult
from sandbox.pipelines.results import Result
from sandbox.pipelines.run_number import run_number
from sandbox.pipelines.scheduler import Scheduler
from sandbox.pipelines.scopes import ScopeBuilder
from sandbox.pipelines.stage_run import JobRun, StageRun
from sandbox.pipelines.templates import Expanded, expand
from sandbox.pipelines.variables import Entry, Variables

LOG_NAME = "log.txt"


@dataclass(frozen=True)
class _Checked:
    """A pipeline that may start: nothing in it is unknown to the engine."""

    pipeline: Pipeline
    expanded: Expanded
    stages: Mapping[str, StageRun]
    graph: Graph
    skipped: tuple[str, ...]
    scopes: ScopeBuilder
    predefined: Mapping[str, str]
    variables: Variables
    start: datetime


def run_pipeline(
    request: RunRequest, listener: RunListener | None = None, cancelled: threading.Event | None = None,
) -> RunResult:
    """Run it to its end. What is wrong with the pipeline itself comes back as `error`, before any step ran."""
    begin = time.monotonic()
    try:
        checked = _check(request)
    except PipelineError as error:
        if listener:
            listener.run_started(request.definition_name)
            listener.run_finished(Result.FAILED.value, time.monotonic() - begin)
        return RunResult(Result.FAILED.value, error=str(error))
    log = RunLog(request.work_folder / "logs" / LOG_NAME, listener)
    try:
        run = _run_state(request, checked, log, cancelled or threading.Event())
        log.tell(lambda one: one.run_started(run.build_number))
        result = _execute(run, checked)
        log.tell(lambda one: one.run_finished(result.value, time.monotonic() - begin))
        return _report(run, checked, result)
    finally:
        log.close()


def _check(request: RunRequest) -> _Checked:
    start = datetime.now(timezone.utc)
    expanded = expand(request.entry, request.repositories, request.commit, parameters=request.parameters,
                      predefined=compile_time(request))
    pipeline = read_pipeline(expanded.root)
    graph = make_graph("Stage", [(one.name, one.depends_on, one.position) for one in pipeline.stages])
    stages = {stage.name: StageRun(stage) for stage in pipeline.stages}
    scopes = ScopeBuilder(request, request.counters)
    _check_stages(pipeline, scopes)
    predefined = run_time(request)
    variables = scopes.start(predefined, request.variables)
    try:
        scopes.add(variables, pipeline.variables, {"pipeline": pipeline_context(start), "resources": Named({})})
    except PipelineError as error:
        raise PipelineError(masker_of(variables).mask(str(error))) from error
    skipped = _deselected(request, pipeline)
    chosen = {name: stage for name, stage in stages.items() if name not in skipped}
    return _Checked(pipeline, expanded, chosen, without(graph, skipped), skipped, scopes,
                    predefined, variables, start)


def _check_stages(pipeline: Pipeline, scopes: ScopeBuilder) -> None:
    scopes.check_groups(pipeline.variables)
    for stage in pipeline.stages:
        check_condition(stage.condition)
        scopes.check_groups(stage.variables)
        for job in stage.jobs:
            check_condition(job.condition)
            scopes.check_groups(job.variables)


def _deselected(request: RunRequest, pipeline: Pipeline) -> tuple[str, ...]:
    """The stages that were not chosen at queue time; their dependents take over what they depended on."""
    if not request.stages:
        return ()
    wanted = {name.casefold() for name in request.stages}
    unknown = wanted - {stage.name.casefold() for stage in pipeline.stages}
    if unknown:
        message = f"the run asks for unknown stages: {', '.join(sorted(unknown))}"
        raise PipelineError(message, Position(request.entry, 1, 1))
    skipped = [stage for stage in pipeline.stages if stage.name.casefold() not in wanted]
    for stage in skipped:
        if not stage.is_skippable:
            message = f"stage {stage.name} cannot be skipped"
            raise PipelineError(message, stage.position)
    return tuple(stage.name for stage in skipped)


def _run_state(request: RunRequest, checked: _Checked, log: RunLog, canceled: threading.Event) -> RunState:
    number = run_number(checked.pipeline.name_format, request, checked.variables, checked.start)
    checked.variables.define(Entry("Build.BuildNumber", number, read_only=True))
    return RunState(
        request, {"self": request.commit, **checked.expanded.repositories}, log,
        ArtifactStore(request.work_folder / "artifacts"), canceled, number, checked.predefined,
        secret_outputs=checked.scopes.secret_outputs,
    )


def _execute(run: RunState, checked: _Checked) -> Result:
    agents = itertools.count(1)
    titles = _titles(checked.stages.values())
    gate = GateKeeper(run, checked.pipeline.variables, checked.pipeline.lock_behavior)
    scheduler = Scheduler(run, checked.stages, checked.graph, scopes=checked.scopes, gate=gate)

    def run_leg(stage: StageRun, job: JobRun, leg: Leg) -> JobOutcome:
        def plan() -> JobPlan:
            return _plan(stage.stage, job, leg, titles[stage.stage.name, job.job.name], next(agents))

        if not job.job.is_deployment:
            return run_job(run, plan())
        return run_deployment(run, lambda hook: hook_plan(plan(), hook), list(job.job.hooks))

    result = scheduler.run(checked.variables, checked.start, run_leg)
    return Result.CANCELED if run.canceled.is_set() else result


def _plan(stage: Stage, job: JobRun, leg: Leg, title: str, agent: int) -> JobPlan:
    variables = job.variables.copy() if job.variables else Variables()
    for name, value in leg.variables.items():
        variables.set(name, value)
    return JobPlan(
        job.job, f"{title} {leg.name}".strip(), with_checkout(job.job.steps, job.job.position), variables,
        stage.name, stage.display_name, agent, after_cancel=job.after_cancel,
    )


def _titles(stages: Iterable[StageRun]) -> dict[tuple[str, str], str]:
    """Jobs by name; with their stage in front where two stages have a job of that name."""
    pairs = [(run.stage.name, name) for run in stages for name in run.jobs]
    counts = Counter(name for _, name in pairs)
    return {(stage, name): name if counts[name] == 1 else f"{stage}.{name}" for stage, name in pairs}


def _report(run: RunState, checked: _Checked, result: Result) -> RunResult:
    titles = _titles(checked.stages.values())
    stages = {name: one.result.value for name, one in checked.stages.items() if one.result}
    jobs = {titles[name, job]: one.result.value for name, stage in checked.stages.items()
            for job, one in stage.jobs.items() if one.result}
    return RunResult(
        result.value, {**stages, **dict.fromkeys(checked.skipped, Result.SKIPPED.value)}, jobs, run.steps,
        run.log.tail, run.log.file, dict(run.artifacts.folders), run.summaries,
    )
