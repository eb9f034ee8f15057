"""What a notebook's process tells and asks over its socket, in lines of JSON, and what it is answered."""
from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

_BLOCK = 64 * 1024
_MESSAGE_LIMIT = 32 * 1024 * 1024

Answer = Callable[[str, Mapping[str, Any]], object]
"""Answers a question of the process; raises ValueError with a sentence where the answer is no."""


@dataclass
class Conversation:
    """`told` is what the process said of its end, None as long as it said nothing."""

    answer: Answer
    told: dict[str, Any] | None = None
    _received: bytearray = field(default_factory=bytearray)

    def hear(self, connection: socket.socket) -> bool:
        """Take what has come, and answer what was asked; whether there may be more."""
        try:
            block = connection.recv(_BLOCK)
        except ConnectionError:
            return False
        self._received += block
        if len(self._received) > _MESSAGE_LIMIT:
            return False
        while b"\n" in self._received:
            line, _, rest = bytes(self._received).partition(b"\n")
            self._received = bytearray(rest)
            self._take(line, connection)
        return bool(block)

    def end(self) -> None:
        """Whoever asks from now on is told that it is too late."""
        self.answer = _too_late

    def _take(self, line: bytes, connection: socket.socket) -> None:
        """A notebook could write here what it likes: what cannot be read is answered as a question never heard of."""
        try:
            details = json.loads(line)
            message = str(details.pop("message"))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            details, message = {}, ""
        if message == "done":
            self.told = details
            return
        try:
            reply: dict[str, object] = {"value": self.answer(message, details)}
        except ValueError as error:
            reply = {"error": str(error)}
        with contextlib.suppress(ConnectionError):
            connection.sendall(json.dumps(reply).encode() + b"\n")


def _too_late(question: str, details: Mapping[str, Any]) -> object:  # noqa: ARG001 - an Answer
    message = "the process that asked is gone"
    raise ValueError(message)
