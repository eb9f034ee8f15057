"""A process that runs one command after the other, until no more will come: an execution context."""
from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from sandbox.databricks.notebooks.kernel.channel import Channel
from sandbox.databricks.notebooks.kernel.code_runner import describe
from sandbox.databricks.notebooks.kernel.dbutils import NotebookExit
from sandbox.databricks.notebooks.kernel.session import Session

_SHOWN = 5 * 1024 * 1024
_TOLD = 256 * 1024
_STREAMS = (1, 2)


class Interruption:
    """An interrupt ends the command that runs; between two commands it means nothing."""

    def __init__(self) -> None:
        self._busy = False
        signal.signal(signal.SIGINT, self._on_signal)

    @contextmanager
    def allowed(self) -> Iterator[None]:
        self._busy = True
        try:
            yield
        finally:
            self._busy = False

    def _on_signal(self, *_: object) -> None:
        if self._busy:
            self._busy = False
            raise KeyboardInterrupt


def serve(session: Session, channel: Channel) -> None:
    """`next` tells how the last command ended and waits for another; an answer of nothing is the end."""
    interruption = Interruption()
    outcome: dict[str, Any] = {}
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device
        _direct_to(nowhere)
        while (command := channel.ask("next", **outcome)) is not None:
            with tempfile.TemporaryFile() as shown:
                _direct_to(shown)
                outcome = _run(session, command, interruption)
                sys.stdout.flush()
                sys.stderr.flush()
                _direct_to(nowhere)
                outcome["output"] = _text(shown)


def _run(session: Session, command: dict[str, str], interruption: Interruption) -> dict[str, Any]:
    """How it ended. Whatever a command raises is its failure, never this program's."""
    try:
        with interruption.allowed():
            session.run_command(command["text"], command["language"], f"<command-{command['number']}>")
    except NotebookExit as end:
        print(f"Notebook exited: {end.value}")
    except KeyboardInterrupt:
        return {"interrupted": True}
    except BaseException as error:  # noqa: BLE001 - see above
        line, trace = describe(error)
        return {"error": _tellable(line), "error_trace": _tellable(trace)}
    return {}


def _tellable(text: str) -> str:
    """Whatever an error says: not too long for one message, and without half characters."""
    return text[:_TOLD].encode("utf-8", "backslashreplace").decode()


def _direct_to(file: BinaryIO | Any) -> None:  # noqa: ANN401 - a file of any wrapper
    """What is printed from now on goes there, also by programs that are started."""
    for stream in _STREAMS:
        os.dup2(file.fileno(), stream)


def _text(file: Any) -> str:  # noqa: ANN401 - as above
    file.seek(0)
    return str(file.read(_SHOWN).decode("utf-8", "replace"))
