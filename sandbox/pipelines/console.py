"""Shows a run on a terminal while it goes on, so that a stranger can follow it."""
from __future__ import annotations

import os
from typing import TextIO

_COLORS = {"succeeded": "32", "succeededWithIssues": "33", "failed": "31", "canceled": "33", "abandoned": "31"}
_WORDS = {"succeededWithIssues": "succeeded with issues"}
_MARKS = {"##[error]": "error: ", "##[warning]": "warning: ", "##[command]": "$ ", "##[debug]": "debug: "}
_FOLDS = ("##[section]", "##[endgroup]")


class Console:
    """A RunListener. Control characters of foreign text never reach the terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._color = stream.isatty() and "NO_COLOR" not in os.environ
        self._jobs: set[str] = set()

    def run_started(self, name: str) -> None:
        self._print(0, f"run {name}")

    def stage_started(self, stage: str) -> None:
        if stage != "__default":
            self._print(0, f"stage {stage}")

    def stage_finished(self, stage: str, result: str, seconds: float) -> None:
        if stage != "__default":
            self._print(0, f"stage {stage}: ", "skipped" if result == "skipped" else self._end(result, seconds))

    def job_started(self, job: str) -> None:
        self._jobs.add(job)
        self._print(1, f"job {job}")

    def job_finished(self, job: str, result: str, seconds: float) -> None:
        self._jobs.discard(job)
        self._print(1, f"job {job}: ", "skipped" if result == "skipped" else self._end(result, seconds))

    def step_started(self, job: str, step: str) -> None:
        self._print(2, f"{self._whose(job)}{step}")

    def line(self, job: str, step: str, text: str) -> None:  # noqa: ARG002 - the listener's signature
        if text.startswith(_FOLDS):
            return
        for mark, word in _MARKS.items():
            text = text.replace(mark, word, 1) if text.startswith(mark) else text
        self._print(4, f"{self._whose(job)}{text.removeprefix('##[group]')}")

    def step_finished(self, job: str, step: str, result: str, seconds: float) -> None:
        if result == "skipped":
            self._print(2, f"{self._whose(job)}{step}: skipped")
        else:
            self._print(3, self._whose(job), self._end(result, seconds))

    def run_finished(self, result: str, seconds: float) -> None:
        self._print(0, "run ", self._end(result, seconds))

    def _whose(self, job: str) -> str:
        """Where several jobs run at once, every line says whose it is."""
        return f"[{job}] " if len(self._jobs) > 1 else ""

    def _end(self, result: str, seconds: float) -> str:
        word = _WORDS.get(result, result)
        shown = f"\x1b[{_COLORS[result]}m{word}\x1b[0m" if self._color and result in _COLORS else word
        return f"{shown} ({seconds:.1f} s)"

    def _print(self, depth: int, text: str, end: str = "") -> None:
        safe = text if text.isprintable() else "".join(map(_shown, text))
        encoding = self._stream.encoding or "utf-8"
        line = "  " * depth + safe.encode(encoding, "backslashreplace").decode(encoding) + end
        self._stream.write(f"{line}\n")
        self._stream.flush()


def _shown(char: str) -> str:
    return char if char.isprintable() or char == "\t" else "?"
