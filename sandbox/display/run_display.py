"""Shows pushes and runs on a terminal, step by step as they happen."""
from __future__ import annotations

import contextlib
import io
import threading
from collections.abc import Callable
from typing import TextIO

from sandbox.azure_devops.git.bare_repository import NO_COMMIT
from sandbox.azure_devops.git.pushes import Push
from sandbox.azure_devops.runs.run_order import RunOrder
from sandbox.azure_devops.runs.run_queue import Run
from sandbox.pipelines.console import Console
from sandbox.pipelines.request import RunListener

_SHOWN_PATHS = 4


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
        return _RunView(self, run, _Lines(self, f"run {run.id} | " if self._prefix else "", self._out))

    def pushed(self, push: Push, orders: list[RunOrder]) -> None:
        branch = push.ref.removeprefix("refs/heads/")
        kind = "new branch" if push.old == NO_COMMIT else "branch"
        started = ", ".join(repr(order.pipeline.name) for order in orders) or "no pipeline"
        self.write(f"push to {push.repository}: {kind} {branch!r}, changed {_listed(push.changed_paths)}; "
                   f"starts {started}")

    def ended(self, order: RunOrder) -> None:
        for line in ["", *self._outcome(order)]:
            self.write(line)

    def write(self, line: str = "") -> None:
        """One line of foreign text: control characters must not steer the terminal."""
        self.write_raw("".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in line))

    def write_raw(self, line: str) -> None:
        encoding = self._out.encoding or "utf-8"
        # Whoever looked on may have left, as `head` does: what runs goes on.
        with self._lock, contextlib.suppress(BrokenPipeError):
            self._out.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")
            self._out.flush()


class _Lines(io.StringIO):
    """The stream of one run's console: every line goes to the display, after `prefix`."""

    def __init__(self, display: RunDisplay, prefix: str, terminal: TextIO) -> None:
        super().__init__()
        self._display = display
        self._prefix = prefix
        self._terminal = terminal

    def write(self, text: str) -> int:
        for line in text.splitlines():
            self._display.write_raw(f"{self._prefix}{line}")
        return len(text)

    def isatty(self) -> bool:
        return self._terminal.isatty()


class _RunView(Console):
    """The console of the engine, which also says what the run is for and what it came to."""

    def __init__(self, display: RunDisplay, run: Run, lines: _Lines) -> None:
        super().__init__(lines)
        self._display = display
        self._order = run.order

    def run_started(self, name: str) -> None:
        order = self._order
        super().run_started(f"{name} of pipeline {order.pipeline.name!r} for branch {order.branch!r} at "
                            f"{order.commit[:7]}, {_started_by(order)}")

    def run_finished(self, result: str, seconds: float) -> None:
        super().run_finished(result, seconds)
        self._display.ended(self._order)


def _started_by(order: RunOrder) -> str:
    words = {"Schedule": "started by its schedule", "Manual": f"started by {order.requested_for.name}"}
    return words.get(order.reason, f"pushed by {order.requested_for.name}")


def _listed(paths: tuple[str, ...]) -> str:
    shown = ", ".join(paths[:_SHOWN_PATHS]) or "no file"
    return f"{shown} and {len(paths) - _SHOWN_PATHS} more" if len(paths) > _SHOWN_PATHS else shown
