"""Shows pushes and runs on a terminal, step by step as they happen."""
from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

from sandbox.azure_devops.bare_repository import NO_COMMIT
from sandbox.azure_devops.pushes import Push
from sandbox.azure_devops.run_order import RunOrder
from sandbox.azure_devops.runs import Run
from sandbox.pipelines.request import RunListener

_SHOWN_PATHS = 4
_MARKS = {"##[error]": "error: ", "##[warning]": "warning: ", "##[command]": "> ", "##[group]": ""}
# What says nothing new here: the engine's frame around a step, ends of groups, commands to the agent.
_UNSHOWN = ("##[section]", "##[endgroup]", "##[debug]", "##vso[")


def nothing_more(_: RunOrder) -> list[str]:
    return []


class RunDisplay:
    """Writes whole lines to `out`; with `prefix`, each begins with its run, since several may go on at once.

    `outcome` gives the lines that are shown when a run has ended.
    """

    def __init__(self, out: TextIO, *, prefix: bool = False,
                 outcome: Callable[[RunOrder], list[str]] = nothing_more) -> None:
        self._out = out
        self._prefix = prefix
        self._outcome = outcome
        self._lock = threading.Lock()

    def of(self, run: Run) -> RunListener:
        order = run.order
        prefix = f"run {run.id} | " if self._prefix else ""
        title = (f"run {run.id}: pipeline {order.pipeline.name!r} for branch {order.branch!r} at {order.commit[:7]}, "
                 f"pushed by {order.requested_for.name}")
        return _RunView(self, prefix, title, lambda: self._outcome(order))

    def pushed(self, push: Push, orders: list[RunOrder]) -> None:
        branch = push.ref.removeprefix("refs/heads/")
        kind = "new branch" if push.old == NO_COMMIT else "branch"
        started = ", ".join(repr(order.pipeline.name) for order in orders) or "no pipeline"
        self.write(f"push to {push.repository}: {kind} {branch!r}, changed {_listed(push.changed_paths)}; "
                   f"starts {started}")

    def write(self, line: str = "") -> None:
        with self._lock:
            self._out.write(f"{_plain(line)}\n")
            self._out.flush()


@dataclass
class _RunView:
    """The listener of one run. Log lines stand indented below their step, whose name is repeated where jobs mix."""

    display: RunDisplay
    prefix: str
    title: str
    outcome: Callable[[], list[str]]
    current: tuple[str, str] = ("", "")

    def run_started(self, name: str) -> None:
        self._write(0, f"{self.title} (run number {name})")

    def stage_started(self, stage: str) -> None:
        self._write(2, f"stage: {stage}")

    def stage_finished(self, stage: str, result: str, seconds: float) -> None:
        self._write(2, f"stage: {stage}: {result} in {seconds:.1f} s")

    def job_started(self, job: str) -> None:
        self._write(4, f"job: {job}")

    def job_finished(self, job: str, result: str, seconds: float) -> None:
        self._write(4, f"job: {job}: {result} in {seconds:.1f} s")

    def step_started(self, job: str, step: str) -> None:
        self._turn_to(job, step)

    def line(self, job: str, step: str, text: str) -> None:
        if text.startswith(_UNSHOWN):
            return
        self._turn_to(job, step)
        mark = next((mark for mark in _MARKS if text.startswith(mark)), "")
        self._write(10, f"{_MARKS.get(mark, '')}{text.removeprefix(mark)}")

    def step_finished(self, job: str, step: str, result: str, seconds: float) -> None:
        if result == "skipped":
            self._write(6, f"{step}: skipped")
            return
        self._turn_to(job, step)
        self._write(8, f"{result} in {seconds:.1f} s")

    def run_finished(self, result: str, seconds: float) -> None:
        self._write(0, f"{self.title.partition(':')[0]}: {result} in {seconds:.1f} s")
        for line in self.outcome():
            self._write(2, line)
        self.display.write()

    def _turn_to(self, job: str, step: str) -> None:
        if self.current != (job, step):
            self.current = (job, step)
            self._write(6, step)

    def _write(self, indent: int, text: str) -> None:
        self.display.write(f"{self.prefix}{' ' * indent}{text}")


def _listed(paths: tuple[str, ...]) -> str:
    shown = ", ".join(paths[:_SHOWN_PATHS]) or "no file"
    return f"{shown} and {len(paths) - _SHOWN_PATHS} more" if len(paths) > _SHOWN_PATHS else shown


def _plain(line: str) -> str:
    """Without control characters: what a branch or a log line brings along must not steer the terminal."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in line)
