"""Asks the gate of the run before a stage begins, without holding up the other stages."""
from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from sandbox.pipelines.job_state import RunState
from sandbox.pipelines.model import VariableEntry
from sandbox.pipelines.request import StageEntry
from sandbox.pipelines.results import Result
from sandbox.pipelines.stage_run import StageRun
from sandbox.pipelines.variables import Variables

MOST_AT_ONCE = 32


class GateKeeper:
    """`root` are the variables of the pipeline itself, whose groups every stage uses."""

    def __init__(self, run: RunState, root: Sequence[VariableEntry], lock_behavior: str) -> None:
        self._gate = run.request.stage_gate
        self._canceled = run.canceled
        self._root = root
        self._lock_behavior = lock_behavior
        self._pool = ThreadPoolExecutor(max_workers=MOST_AT_ONCE)
        self._entered: dict[str, StageEntry] = {}

    @property
    def has_gate(self) -> bool:
        return self._gate is not None

    def ask(self, stage: StageRun, variables: Variables) -> Future[Result]:
        return self._pool.submit(self._enter, self._entry(stage, variables))

    def leave(self, stage: str) -> None:
        entry = self._entered.pop(stage, None)
        if self._gate and entry:
            self._gate.leave(entry)

    def close(self) -> None:
        for stage in list(self._entered):
            self.leave(stage)
        self._pool.shutdown()

    def _enter(self, entry: StageEntry) -> Result:
        answer = Result(self._gate.enter(entry, self._canceled)) if self._gate else Result.SUCCEEDED
        if answer is Result.SUCCEEDED:
            self._entered[entry.stage] = entry
        return answer

    def _entry(self, stage: StageRun, variables: Variables) -> StageEntry:
        variables.recalculate()
        jobs = stage.stage.jobs
        layers = [self._root, stage.stage.variables, *(job.variables for job in jobs)]
        environments = [variables.expand(job.environment) for job in jobs if job.environment]
        groups = [entry.name for layer in layers for entry in layer if entry.is_group]
        return StageEntry(
            stage.stage.name, tuple(dict.fromkeys(environments)), tuple(dict.fromkeys(groups)),
            stage.stage.lock_behavior or self._lock_behavior,
        )
