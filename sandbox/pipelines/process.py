"""Runs one program of a step in its own process group and streams what it prints."""
from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sandbox.pipelines.line_splitter import LineSplitter

CHUNK = 64 * 1024
POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Patience:
    """Seconds between the interrupt, the termination and the kill of a program (the agent's own numbers), and how long
    output is awaited after a program has ended while a child of it holds the pipe (the service waits ten).
    """

    interrupt: float = 7.5
    terminate: float = 2.5
    streams: float = 1.0


@dataclass(frozen=True)
class Program:
    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str]


OnLine = Callable[[str, bool], None]
"""Takes a line and whether it came from standard error."""


class RunningProgram:
    """One program from its start to its end. `stop` says, many times a second, whether it has to go."""

    def __init__(self, program: Program, on_line: OnLine, patience: Patience = Patience()) -> None:
        self._on_line = on_line
        self._patience = patience
        self._process = subprocess.Popen(
            list(program.command), cwd=program.folder, env=dict(program.environment), start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        self._signals: list[tuple[float, signal.Signals]] = []
        self._ended_at: float | None = None
        self.left_streams_open = False

    @property
    def group(self) -> int:
        """The number of the process group it leads."""
        return self._process.pid

    @property
    def was_ended(self) -> bool:
        """Whether it was told to go before it ended by itself."""
        return bool(self._signals)

    def wait(self, stop: Callable[[], bool]) -> int:
        """The exit code; negative for a signal. Whoever still writes after the program's end is not awaited."""
        with self._process as process:
            try:
                return self._listen(process, stop)
            except BaseException:
                # Nobody listens any more, for instance because the disk is full, and nobody would end it later.
                self._send(signal.SIGKILL)
                raise

    def _listen(self, process: subprocess.Popen[bytes], stop: Callable[[], bool]) -> int:
        with selectors.DefaultSelector() as selector:
            for stream, is_error in ((process.stdout, False), (process.stderr, True)):
                if stream:
                    selector.register(stream, selectors.EVENT_READ, (LineSplitter(), is_error))
            while selector.get_map() and not self._is_over():
                for key, _ in selector.select(POLL_SECONDS):
                    if not self._read(key.fileobj, key.data):
                        selector.unregister(key.fileobj)
                self._end_if(stop)
            self.left_streams_open = bool(selector.get_map())
            for key in list(selector.get_map().values()):
                self._flush(key.data)
        return self._finish(process, stop)

    def _read(self, stream: object, data: tuple[LineSplitter, bool]) -> bool:
        splitter, is_error = data
        chunk = os.read(stream.fileno(), CHUNK) if hasattr(stream, "fileno") else b""
        for line in splitter.feed(chunk):
            self._on_line(line, is_error)
        if not chunk:
            self._flush(data)
        return bool(chunk)

    def _flush(self, data: tuple[LineSplitter, bool]) -> None:
        for line in data[0].close():
            self._on_line(line, data[1])

    def _is_over(self) -> bool:
        if self._process.poll() is None:
            return False
        self._ended_at = self._ended_at or time.monotonic()
        return time.monotonic() - self._ended_at > self._patience.streams

    def _finish(self, process: subprocess.Popen[bytes], stop: Callable[[], bool]) -> int:
        while process.poll() is None:
            self._end_if(stop)
            time.sleep(POLL_SECONDS / 10)
        if self._signals:
            self._send(signal.SIGKILL)
        return process.returncode

    def _end_if(self, stop: Callable[[], bool]) -> None:
        """Send what is due: first the interrupt, and what is stronger when that was not heard."""
        now = time.monotonic()
        if not self._signals and stop():
            later = now + self._patience.interrupt
            self._signals = [(later + self._patience.terminate, signal.SIGKILL), (later, signal.SIGTERM)]
            self._send(signal.SIGINT)
        if self._signals and now >= self._signals[-1][0]:
            self._send(self._signals[-1][1])
            if len(self._signals) > 1:
                self._signals.pop()

    def _send(self, number: signal.Signals) -> None:
        # macOS refuses to signal a group of which only zombies are left.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)
