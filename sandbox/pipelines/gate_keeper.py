"""Asks the gate of the run before a stage begins, without holding up the other stages."""
from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

from sandbox.pipelines.environment_names import EnvironmentNames
from sandbox.pipelines.extended_templates import extended_templates
from sandbox.pipelines.job_state import RunState
from sandbox.pipelines.model import Pipeline
from sandbox.pipelines.pools import pools_of
from sandbox.pipelines.request import StageEntry
from sandbox.pipelines.results import Result
from sandbox.pipelines.stage_run import StageRun

MOST_AT_ONCE = 32


class GateKeeper:
    """Every stage uses the groups among the variables of the pipeline itself."""

    def __init__(self, run: RunState, pipeline: Pipeline) -> None:
        self._gate = run.request.stage_gate
        self._run = run
        self._pipeline = pipeline
        self._names = EnvironmentNames(pipeline.variables)
        request = run.request
        self._extends = extended_templates(request.entry, request.repositories, run.repositories) if self._gate else ()
        self._pool = ThreadPoolExecutor(max_workers=MOST_AT_ONCE)
        self._entered: dict[str, StageEntry] = {}

    @property
    def has_gate(self) -> bool:
        return self._gate is not None

    def ask(self, stage: StageRun) -> Future[Result]:
        return self._pool.submit(self._enter, self._entry(stage))

    def leave(self, stage: str) -> None:
        entry = self._entered.pop(stage, None)
        if self._gate and entry:
            self._gate.leave(entry)

    def close(self) -> None:
        self._pool.shutdown()
        for stage in list(self._entered):
            self.leave(stage)

    def _enter(self, entry: StageEntry) -> Result:
        def tell(text: str) -> None:
            self._run.log.line("", "", text)

        answer = Result(self._gate.enter(entry, self._run.canceled, tell)) if self._gate else Result.SUCCEEDED
        if answer is Result.SUCCEEDED:
            self._entered[entry.stage] = entry
        return answer

    def _entry(self, stage: StageRun) -> StageEntry:
        jobs = stage.stage.jobs
        layers = [self._pipeline.variables, stage.stage.variables, *(job.variables for job in jobs)]
        groups = [entry.name for layer in layers for entry in layer if entry.is_group]
        return StageEntry(
            stage.stage.name, self._names.of(jobs), tuple(dict.fromkeys(groups)),
            stage.stage.lock_behavior or self._pipeline.lock_behavior,
            has_lock=bool(stage.stage.lock_behavior),
            extends=self._extends,
            sources=tuple(self._run.repositories.values()),
            queues=pools_of(self._pipeline, stage.stage),
        )

