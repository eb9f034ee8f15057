"""Decides what runs when: stages by their dependencies, their jobs likewise, as many at once as the run allows.

Only the thread that calls `run` decides; jobs work in threads of their own and come back as outcomes.
"""
from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime
from typing import Any

from sandbox.pipelines.conditions import holds, pipeline_context, variables_context
from sandbox.pipelines.expressions import Named, Value
from sandbox.pipelines.gate_keeper import GateKeeper
from sandbox.pipelines.graph import Graph, ancestors
from sandbox.pipelines.job_legs import Leg, legs_of
from sandbox.pipelines.job_runner import JobOutcome
from sandbox.pipelines.job_state import RunState
from sandbox.pipelines.masking import masker_of
from sandbox.pipelines.model import Expression
from sandbox.pipelines.nodes import PipelineError
from sandbox.pipelines.results import Result, of_parts
from sandbox.pipelines.scopes import ScopeBuilder
from sandbox.pipelines.stage_run import JobRun, StageRun, stage_contexts
from sandbox.pipelines.status_functions import Functions, of_dependencies
from sandbox.pipelines.variables import Variables

StartLeg = Callable[[StageRun, JobRun, Leg], JobOutcome]


class Scheduler:
    def __init__(
        self, run: RunState, stages: Mapping[str, StageRun], graph: Graph, *, scopes: ScopeBuilder, gate: GateKeeper
    ) -> None:
        self._run = run
        self._gate = gate
        self._gates: dict[Future[Result], tuple[StageRun, Variables]] = {}
        self._stages = stages
        self._graph = graph
        self._scopes = scopes
        self._futures: dict[Future[JobOutcome], tuple[JobRun, Leg]] = {}
        self._fixed: dict[str, Value] = {"resources": Named({})}

    def run(self, variables: Variables, start: datetime, run_leg: StartLeg) -> Result:
        """Run everything; `variables` are those of the pipeline's root."""
        self._fixed["pipeline"] = pipeline_context(start)
        with ThreadPoolExecutor(max_workers=max(1, self._run.request.job_limit)) as pool:
            try:
                while self._advance(variables, lambda *leg: pool.submit(run_leg, *leg)) or self._futures or self._gates:
                    self._collect()
            except BaseException:
                self._run.canceled.set()
                raise
            finally:
                self._gate.close()
        return of_parts(one.result for one in self._stages.values() if one.result)

    def _advance(self, variables: Variables, submit: Callable[[StageRun, JobRun, Leg], Future[JobOutcome]]) -> bool:
        """Start all that can start; whether anything changed."""
        changed = False
        for name, stage in self._stages.items():
            if stage.is_waiting and all(self._stages[one].result for one in self._graph[name]):
                self._open_stage(name, stage, variables)
                changed = True
            if stage.is_open:
                changed = self._advance_stage(name, stage, submit) or changed
        return changed

    def _open_stage(self, name: str, stage: StageRun, variables: Variables) -> None:
        above = ancestors(self._graph, name)
        contexts = {**self._fixed, **stage_contexts(self._stages, self._graph[name], above)}
        results = {other: result for other in above if (result := self._stages[other].result)}
        own = variables.copy()
        stage.after_cancel = self._run.canceled.is_set()
        verdict = self._decide(lambda: self._scopes.add(own, stage.stage.variables, contexts),
                               stage.stage.condition, contexts, own,
                               of_dependencies(results, canceled=stage.after_cancel))
        if verdict is None and self._gate.has_gate:
            stage.at_gate = True
            self._gates[self._gate.ask(stage)] = (stage, own)
        else:
            self._begin_stage(stage, own, verdict)

    def _begin_stage(self, stage: StageRun, variables: Variables, verdict: Result | None) -> None:
        name = stage.stage.name
        stage.at_gate = False
        if verdict is not None:
            stage.close(verdict)
            self._run.log.tell(lambda listener: listener.stage_finished(name, verdict.value, 0.0))
            return
        stage.variables, stage.started = variables, time.monotonic()
        self._run.log.tell(lambda listener: listener.stage_started(name))

    def _advance_stage(self, name: str, stage: StageRun,
                       submit: Callable[[StageRun, JobRun, Leg], Future[JobOutcome]]) -> bool:
        changed = False
        for job in stage.ready_jobs():
            self._open_job(name, stage, job)
            changed = True
        for job in stage.jobs.values():
            while job.is_open and job.waiting and self._may_start(job):
                leg = job.waiting.pop(0)
                job.running += 1
                self._futures[submit(stage, job, leg)] = (job, leg)
        if stage.is_done:
            result = stage.close()
            self._gate.leave(name)
            seconds = time.monotonic() - stage.started
            self._run.log.tell(lambda listener: listener.stage_finished(name, result.value, seconds))
            changed = True
        return changed

    def _may_start(self, job: JobRun) -> bool:
        most = job.job.strategy.max_parallel
        return not most or job.running < most

    def _open_job(self, stage_name: str, stage: StageRun, job: JobRun) -> None:
        name = job.job.name
        above = ancestors(self._graph, stage_name)
        contexts: dict[str, Value] = {
            **self._fixed, "dependencies": stage.dependencies_of(name),
            "stagedependencies": stage_contexts(self._stages, (), above)["stagedependencies"],
        }
        own = stage.variables.copy() if stage.variables else Variables()

        def prepare() -> None:
            self._scopes.add(own, job.job.variables, contexts)
            job.waiting = legs_of(job.job, {**contexts, "variables": variables_context(own)})

        job.after_cancel = self._run.canceled.is_set()
        results = stage.job_results(ancestors(stage.graph, name))
        functions = of_dependencies(results, canceled=job.after_cancel and not stage.after_cancel)
        job.result = self._decide(prepare, job.job.condition, contexts, own, functions)
        job.variables = own
        if job.result is None and not job.waiting:
            job.result = Result.SKIPPED
        if ended := job.result:
            self._run.log.tell(lambda listener: listener.job_finished(job.title, ended.value, 0.0))

    def _decide(self, prepare: Callable[[], None], condition: Expression | None, contexts: Mapping[str, Value],
                variables: Variables, functions: Functions) -> Result | None:
        """None where the stage or job runs; an expression that cannot be evaluated abandons it."""
        try:
            prepare()
            seen = {**contexts, "variables": Named({entry.name: entry.value for entry in variables})}
            return None if holds(condition, seen, functions) else Result.SKIPPED
        except PipelineError as error:
            self._run.log.line("", "", masker_of(variables).mask(f"##[error]{error}"))
            return Result.ABANDONED

    def _collect(self) -> None:
        """Wait until a job or a check is over, and take in all that are."""
        waiting: set[Future[Any]] = {*self._futures, *self._gates}
        if waiting:
            wait(waiting, return_when=FIRST_COMPLETED)
        for gate in [one for one in self._gates if one.done()]:
            stage, variables = self._gates.pop(gate)
            answer = gate.result()
            self._begin_stage(stage, variables, None if answer is Result.SUCCEEDED else answer)
        for future in [one for one in self._futures if one.done()]:
            job, leg = self._futures.pop(future)
            _take_in(job, leg, future.result())


def _take_in(job: JobRun, leg: Leg, outcome: JobOutcome) -> None:
    job.running -= 1
    job.leg_results.append(outcome.result)
    front = f"{leg.name}." if leg.name else ""
    job.outputs |= {f"{front}{key}": value for key, value in outcome.outputs.items()}
    if not job.running and not job.waiting:
        job.result = of_parts(job.leg_results)
