"""The line between a notebook's process and the sandbox: one JSON object a line, a question and its answer."""
from __future__ import annotations

import json
import socket
import threading
from typing import Any


class RefusedError(Exception):
    """The sandbox answered a question with an error; reads as its message."""


class Channel:
    """`ask` waits for the answer; a sandbox that is gone ends the process, which has nobody to work for."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._reader = connection.makefile("rb")
        self._lock = threading.Lock()

    def ask(self, question: str, **details: object) -> Any:  # noqa: ANN401 - JSON
        with self._lock:
            self.tell(question, **details)
            line = self._reader.readline()
        if not line:
            raise SystemExit(1)
        answer = json.loads(line)
        if "error" in answer:
            raise RefusedError(answer["error"])
        return answer.get("value")

    def tell(self, message: str, **details: object) -> None:
        line = json.dumps({"message": message, **details}) + "\n"
        self._connection.sendall(line.encode("utf-8", "backslashreplace"))
