"""How far a bulk run is: a bar on a terminal, a line now and then elsewhere."""
from __future__ import annotations

import threading
from typing import TextIO

from steps.lib.agent import show
from steps.lib.clock import Clock

_WIDTH = 30
_LINES = 10


class Bar:
    """`advance` may be called from any thread, once for each of `total` things."""

    def __init__(self, total: int, stream: TextIO, clock: Clock) -> None:
        self._total = total
        self._stream = stream
        self._clock = clock
        self._started = clock.monotonic()
        self._done = 0
        self._failed = 0
        self._lock = threading.Lock()
        self._is_terminal = stream.isatty()

    def advance(self, name: str, *, failed: bool) -> None:
        with self._lock:
            self._done += 1
            self._failed += failed
            if self._is_terminal:
                filled = _WIDTH * self._done // self._total
                bar = "#" * filled + "." * (_WIDTH - filled)
                self._write(f"\r\x1b[K[{bar}] {self._words()}  {show(name)[:_WIDTH]}")
            elif self._done == self._total or self._done % max(1, self._total // _LINES) == 0:
                self._write(f"{self._words()}\n")

    def close(self) -> None:
        if self._is_terminal and self._done:
            self._write("\n")

    def _words(self) -> str:
        left = self._total - self._done
        seconds = (self._clock.monotonic() - self._started) / self._done * left
        failed = f", {self._failed} failed" if self._failed else ""
        return f"{self._done} of {self._total}{failed}, about {seconds:.0f} s left" if left else (
            f"{self._done} of {self._total}{failed}")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
