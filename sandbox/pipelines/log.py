"""The log of a run: all of it in a file, a bounded tail in memory, each line told to the listener."""
from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from sandbox.pipelines.request import RunListener

TAIL_CHARACTERS = 8_000_000


class RunLog:
    """Takes masked lines from several jobs at once."""

    def __init__(self, file: Path, listener: RunListener | None = None, *, tail: int = TAIL_CHARACTERS) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self.file = file
        self.listener = listener
        # A branch may be named with bytes that are no UTF-8; a line that shows it must not end the run.
        self._stream: TextIO = file.open("w", encoding="utf-8", errors="backslashreplace", newline="\n")
        self._limit, self._size = tail, 0
        self._tail: deque[str] = deque()
        self._lock = threading.RLock()

    def line(self, job: str, step: str, text: str) -> None:
        with self._lock:
            self._stream.write(f"{text}\n")
            self._keep(text)
            if self.listener:
                self.listener.line(job, step, text)

    def tell(self, news: Callable[[RunListener], None]) -> None:
        """Let the listener know, never two things at once."""
        with self._lock:
            if self.listener:
                news(self.listener)

    def flush(self) -> None:
        """After this, whoever reads the file sees every line so far."""
        with self._lock:
            self._stream.flush()

    def close(self) -> None:
        self._stream.close()

    @property
    def tail(self) -> str:
        return "\n".join([*self._tail, ""])

    def _keep(self, text: str) -> None:
        self._tail.append(text[-self._limit :])
        self._size += len(self._tail[-1]) + 1
        while self._size > self._limit and len(self._tail) > 1:
            self._size -= len(self._tail.popleft()) + 1
