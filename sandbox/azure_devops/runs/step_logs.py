"""The numbered logs of a run: a file for each job, step and checkpoint, every line with its time."""
from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import TextIO

FOLDER = "logs"


@dataclass(frozen=True)
class LogFile:
    """One log as a list shows it; `written` is when it was changed last, in seconds since 1970."""

    id: int
    path: Path
    written: float

    def lines(self) -> list[str]:
        return self.path.read_text(encoding="utf-8").split("\n")[:-1]


@dataclass
class StepLogs:
    """Writes below the folder of a run; whoever reads sees a line at once.

    Not safe for several threads at once: its caller is told one thing at a time.
    """

    run: Path
    now: Callable[[], float]
    _last: int = field(default=0, init=False)
    _open: dict[int, TextIO] = field(default_factory=dict, init=False)

    def open(self) -> int:
        """The number of a new, empty log."""
        self._last += 1
        (self.run / FOLDER).mkdir(exist_ok=True)
        file = self.run / FOLDER / f"{self._last}.txt"
        self._open[self._last] = file.open("w", encoding="utf-8", errors="backslashreplace", newline="\n")
        return self._last

    def write(self, log: int, text: str) -> None:
        time = datetime.fromtimestamp(self.now(), timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")
        self._open[log].write(f"{time}0Z {text}\n")
        self._open[log].flush()

    def close(self, log: int = 0) -> None:
        """No more lines for this log, or for all where it is 0."""
        for number in [log] if log else list(self._open):
            # What a full disk did not take was told when it was written.
            with contextlib.suppress(OSError):
                self._open.pop(number).close()


def logs_of(run: Path) -> list[LogFile]:
    """The logs that the run in this folder has left or writes now, by number."""
    folder = run / FOLDER
    found = [path for path in folder.iterdir() if path.stem.isdigit()] if folder.is_dir() else []
    return sorted((LogFile(int(path.stem), path, path.stat().st_mtime) for path in found), key=lambda one: one.id)
