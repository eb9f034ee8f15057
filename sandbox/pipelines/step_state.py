"""One step while it runs: where its lines go, and what its logging commands made of it."""
from __future__ import annotations

from sandbox.pipelines.job_state import JobState
from sandbox.pipelines.model import Step
from sandbox.pipelines.results import Result, merge


class CommandError(Exception):
    """A logging command cannot be done as written."""


class StepState:
    def __init__(self, job: JobState, step: Step, title: str) -> None:
        self.job = job
        self.step = step
        self.title = title
        self.result: Result | None = None
        self.command_failed = False

    def write(self, text: str) -> None:
        if "\n" not in text:
            self.job.write(self.title, text)
            return
        for line in text.rstrip("\n").split("\n"):
            self.job.write(self.title, line)

    def error(self, text: str) -> None:
        self.write(f"##[error]{text}")

    def warning(self, text: str) -> None:
        self.write(f"##[warning]{text}")

    def debug(self, text: str) -> None:
        if self.job.variables.value("System.Debug").lower() == "true":
            self.write(f"##[debug]{text}")

    def merge(self, result: Result) -> None:
        self.result = merge(self.result, result)
