"""The process a notebook runs in: started clean, listened to, answered, and ended with all it started."""
from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.databricks.notebooks.conversation import Answer, Conversation
from sandbox.databricks.notebooks.output import Output

_START = Path(__file__).with_name("kernel") / "start.py"
_POLL_SECONDS = 0.05
_BLOCK = 64 * 1024
# How long a process may go on after its notebook has ended, for instance to run what it registered with atexit.
_LAST_SECONDS = 2.0


@dataclass
class Ending:
    """`told` is what the process said of its end: nothing, if it was killed or fell."""

    told: dict[str, Any] | None = None
    exit_code: int = 0
    stopped: bool = False
    timed_out: bool = False


@dataclass
class KernelProcess:
    """`folder` is where the process starts, `home` a folder of this run; `pid` is 0 before it runs."""

    folder: Path
    home: Path
    answer: Answer
    output: Output = field(default_factory=Output)
    pid: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._conversation = Conversation(self.answer)

    def run(self, stop: threading.Event, deadline: float) -> Ending:
        """Until it ends, `stop` is set, or the monotonic clock shows `deadline`."""
        ours, theirs = socket.socketpair()
        lifeline, held = os.pipe()
        with ours, theirs, contextlib.ExitStack() as stack:
            stack.callback(os.close, held)
            process = self._started(theirs.fileno(), lifeline)
            self.pid = process.pid
            theirs.close()
            os.close(lifeline)
            try:
                return self._listen(process, ours, stop, deadline)
            finally:
                _kill(process)

    def _started(self, connection: int, lifeline: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-I", "-u", "-B", str(_START), str(connection), str(lifeline)]
        return subprocess.Popen(command, cwd=self.folder, env=_environment(self.home), start_new_session=True,
                                pass_fds=(connection, lifeline), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT)

    def _listen(self, process: subprocess.Popen[bytes], connection: socket.socket, stop: threading.Event,
                deadline: float) -> Ending:
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        ending = Ending()
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ, self._hear_output)
            selector.register(connection, selectors.EVENT_READ, self._conversation.hear)
            while selector.get_map() and not (ending.stopped or ending.timed_out):
                for key, _ in selector.select(_POLL_SECONDS):
                    if not key.data(key.fileobj):
                        selector.unregister(key.fileobj)
                ending.stopped = stop.is_set()
                ending.timed_out = time.monotonic() > deadline
                if self._conversation.told is not None or process.poll() is not None:
                    deadline = min(deadline, time.monotonic() + _LAST_SECONDS)
                    if process.poll() is not None:
                        break
        _kill(process)
        # What a process says once it is told to go, for instance of a run of its own that was told too, is no end.
        ended_early = (ending.stopped or ending.timed_out) and self._conversation.told is None
        self._conversation.end()
        self._drain(process.stdout, self._hear_output)
        self._drain(connection, self._conversation.hear)
        process.stdout.close()
        told = None if ended_early else self._conversation.told
        return Ending(told, process.wait(), ending.stopped, ending.timed_out)

    def _hear_output(self, stream: Any) -> bool:  # noqa: ANN401 - a selector's file object
        block = os.read(stream.fileno(), _BLOCK)
        self.output.add(block)
        return bool(block)

    def _drain(self, stream: Any, hear: Callable[[Any], bool]) -> None:  # noqa: ANN401 - a pipe or a socket
        """What is left; who escaped from the process group may still hold the other end, and is not awaited."""
        os.set_blocking(stream.fileno(), False)
        with contextlib.suppress(BlockingIOError):
            while hear(stream):
                pass


def _environment(home: Path) -> dict[str, str]:
    """Nothing of ours but the way to programs and, for `%pip`, to packages."""
    pip = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    return {**pip, "PATH": os.environ.get("PATH", os.defpath), "HOME": str(home), "TMPDIR": str(home),
            "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}


def _kill(process: subprocess.Popen[bytes]) -> None:
    """The whole process group; its leader may be gone and others not."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
