"""An execution context: a process on this machine with one namespace, and the commands it runs one by one."""
from __future__ import annotations

import contextlib
import math
import os
import random
import signal
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sandbox.databricks.commands.command import CANCELLING, QUEUED, RUNNING, Command
from sandbox.databricks.notebooks.conversation import Answer
from sandbox.databricks.notebooks.kernel_process import KernelProcess
from sandbox.databricks.notebooks.output import Output, Redaction

_LOOK_SECONDS = 0.5
# How long a command may go on after it was told to end, before the whole process is ended.
_CANCEL_SECONDS = 10.0


class ExecutionContext:
    """`owner_id` is the id of whose it is, `spark_context_id` that of the driver it lives in.

    `is_alive` is asked now and then, without a lock held, whether the driver is still there. `answers` makes what
    answers the process's questions, from the folder it lives in and the secrets that must not be shown.
    Its process is started by the first command: most contexts of a test never run one.
    """

    def __init__(self, owner_id: str, spark_context_id: int | None, language: str, *, is_alive: Callable[[], bool],
                 answers: Callable[[Path, Redaction], Answer]) -> None:
        self.id = str(random.getrandbits(62))
        self.owner_id = owner_id
        self.spark_context_id = spark_context_id
        self.language = language
        self.commands: dict[str, Command] = {}
        self._waiting: deque[Command] = deque()
        self._current: Command | None = None
        self._is_alive = is_alive
        self._answers = answers
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self._redaction = Redaction()
        self._thread: threading.Thread | None = None
        self._process: KernelProcess | None = None

    @property
    def is_over(self) -> bool:
        return self._stop.is_set()

    def execute(self, text: str, language: str, folder: Path) -> Command:
        """A new command, which waits for those before it; a folder for the process is made below `folder`."""
        with self._changed:
            command = Command(len(self.commands) + 1, text, language or self.language)
            self.commands[command.id] = command
            self._waiting.append(command)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, args=(folder,), daemon=True)
                self._thread.start()
            self._changed.notify_all()
        return command

    def told(self, command: Command) -> dict[str, Any]:
        """How the command is by now. One that does not let itself be cancelled takes its process with it."""
        with self._changed:
            if command.status == CANCELLING and time.monotonic() > command.cancelled_at + _CANCEL_SECONDS:
                self._stop.set()
            return command.as_json()

    def cancel(self, command: Command) -> None:
        with self._changed:
            if command.status == QUEUED:
                command.cancel()
            elif command.status == RUNNING and self._process is not None:
                command.status, command.cancelled_at = CANCELLING, time.monotonic()
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._process.pid, signal.SIGINT)

    def close(self) -> None:
        with self._changed:
            self._stop.set()
            self._changed.notify_all()

    def join(self, timeout: float) -> None:
        """Wait until its process is gone and its folder removed."""
        if self._thread is not None:
            self._thread.join(timeout)

    def _run(self, folder: Path) -> None:
        # Without room for a folder, or for one more process, there is none, and its commands are lost.
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix="context-", dir=folder, ignore_cleanup_errors=True) as home:
                answer = self._answers(Path(home), self._redaction)
                self._process = KernelProcess(Path(home), Path(home), self._answering(answer), Output())
                self._process.run(self._stop, math.inf)
        except OSError:
            return
        finally:
            self._end()

    def _answering(self, answer: Answer) -> Answer:
        def answered(question: str, details: Mapping[str, Any]) -> object:
            return self._next(details) if question == "next" else answer(question, details)

        return answered

    def _next(self, outcome: Mapping[str, Any]) -> object:
        """Note how the command before ended, then wait for another; None where none will come."""
        with self._changed:
            if self._current is not None:
                self._current.finish(outcome, self._redaction)
                self._current = None
        while not self._stop.is_set() and self._is_alive():
            with self._changed:
                self._current = self._first_waiting()
                if self._current is not None:
                    self._current.status = RUNNING
                    return {"text": self._current.text, "language": self._current.language,
                            "number": self._current.number}
                self._changed.wait(_LOOK_SECONDS)
        return None

    def _first_waiting(self) -> Command | None:
        while self._waiting:
            command = self._waiting.popleft()
            if command.status == QUEUED:
                return command
        return None

    def _end(self) -> None:
        with self._changed:
            self._stop.set()
            for command in self.commands.values():
                if command.status == CANCELLING:
                    command.cancel()
                elif not command.is_over:
                    command.lose("The execution context's process is gone")
