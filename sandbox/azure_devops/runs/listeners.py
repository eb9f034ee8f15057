"""Two listeners of one run."""
from __future__ import annotations

from dataclasses import dataclass

from sandbox.pipelines.request import RunListener


@dataclass(frozen=True)
class Both:
    """A RunListener that tells `first` and then `second` everything."""

    first: RunListener
    second: RunListener

    def run_started(self, name: str) -> None:
        self.first.run_started(name)
        self.second.run_started(name)

    def stage_started(self, stage: str) -> None:
        self.first.stage_started(stage)
        self.second.stage_started(stage)

    def stage_finished(self, stage: str, result: str, seconds: float) -> None:
        self.first.stage_finished(stage, result, seconds)
        self.second.stage_finished(stage, result, seconds)

    def job_started(self, job: str) -> None:
        self.first.job_started(job)
        self.second.job_started(job)

    def job_finished(self, job: str, result: str, seconds: float) -> None:
        self.first.job_finished(job, result, seconds)
        self.second.job_finished(job, result, seconds)

    def step_started(self, job: str, step: str) -> None:
        self.first.step_started(job, step)
        self.second.step_started(job, step)

    def line(self, job: str, step: str, text: str) -> None:
        self.first.line(job, step, text)
        self.second.line(job, step, text)

    def step_finished(self, job: str, step: str, result: str, seconds: float) -> None:
        self.first.step_finished(job, step, result, seconds)
        self.second.step_finished(job, step, result, seconds)

    def run_finished(self, result: str, seconds: float) -> None:
        self.first.run_finished(result, seconds)
        self.second.run_finished(result, seconds)
