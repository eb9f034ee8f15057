"""The rules of jobs and runs of one task once more, in few words and without the sandbox's code.

Everything takes no time, so a state is left when it has been read; see section 6.3 of the Jobs API's life cycle:
https://docs.databricks.com/api/workspace/jobs/getrun.
"""
from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class ModelRun:
    life: str = "PENDING"
    result: str = ""
    was_read: bool = False
    cancelled: bool = False
    cancel_was_read: bool = False

    @property
    def is_over(self) -> bool:
        return self.life in {"TERMINATED", "SKIPPED"}

    def move(self, life: str, result: str = "") -> None:
        self.life, self.result, self.was_read = life, result or self.result, False


@dataclass
class ModelJob:
    """At most one run at once; `queues` is whether further ones wait."""

    name: str
    queues: bool
    runs: dict[int, ModelRun] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=dict)

    def start(self, run_id: int) -> None:
        self.settle()
        busy = bool(self._running())
        run = ModelRun("PENDING" if not busy else "QUEUED" if self.queues else "SKIPPED")
        run.result = "MAXIMUM_CONCURRENT_RUNS_REACHED" if run.life == "SKIPPED" else ""
        self.runs[run_id] = run

    def look(self, run_id: int) -> tuple[str, str]:
        self.settle()
        run = self.runs[run_id]
        run.was_read, run.cancel_was_read = True, run.cancelled
        return run.life, run.result if run.is_over else ""

    def settle(self) -> None:
        for run in [*self._running(), *self._queued()]:
            self._settle(run)

    def _settle(self, run: ModelRun) -> None:
        if run.life == "TERMINATING":
            if run.was_read:
                run.move("TERMINATED")
        elif run.cancelled:
            if run.cancel_was_read:
                run.move("TERMINATED" if run.life == "QUEUED" else "TERMINATING", "CANCELED")
        elif run.life == "QUEUED":
            if not self._running():
                run.move("PENDING")
        elif run.was_read:
            run.move(*{"PENDING": ("RUNNING", ""), "RUNNING": ("TERMINATING", "SUCCESS")}[run.life])

    def _running(self) -> list[ModelRun]:
        return [run for run in self.runs.values() if not run.is_over and run.life != "QUEUED"]

    def _queued(self) -> list[ModelRun]:
        return [run for run in self.runs.values() if run.life == "QUEUED"]
