"""Records what was asked and how it was answered, never a body, a header or a token."""
from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.http.message import Application, ConnectionDroppedError, Request, RequestRefusedError, Response

_KEPT = 50_000
_LONGEST = 1000
_SECRET_NAMES = ("token", "secret", "password", "assertion")
_HARMLESS_NAMES = ("page_token",)
NO_REPLY = 0


@dataclass(frozen=True)
class Entry:
    """`status` is 0 where the reply was lost. `who` is the authenticated caller, empty if there was none.

    `is_unknown` marks what the service does not serve at all: the client may be right and the sandbox incomplete.
    """

    time: float
    method: str
    path: str
    query: dict[str, list[str]]
    status: int
    who: str
    is_unknown: bool = False

    @property
    def is_write(self) -> bool:
        return self.method not in {"GET", "HEAD", "OPTIONS"}

    def as_json(self) -> dict[str, Any]:
        return dict(self.__dict__)


def _nobody(_: Entry) -> None:
    pass


class RequestLog:
    """Wraps an application; `entries()` tells every request since the last `clear()`, oldest first.

    `on_unknown` is told at once of requests that the service does not know, so that a person can see them.
    """

    def __init__(self, application: Application, on_unknown: Callable[[Entry], None] = _nobody) -> None:
        self.on_unknown = on_unknown
        self._application = application
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self._lock = threading.Lock()

    def entries(self) -> list[Entry]:
        with self._lock:
            return list(self._entries)

    def writes(self) -> list[Entry]:
        return [entry for entry in self.entries() if entry.is_write]

    def unknown(self) -> list[Entry]:
        return [entry for entry in self.entries() if entry.is_unknown]

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()

    def __call__(self, request: Request) -> Response:
        try:
            response = self._application(request)
        except ConnectionDroppedError:
            self._record(request, NO_REPLY)
            raise
        except RequestRefusedError as refusal:
            self._record(request, refusal.status)
            raise
        self._record(request, response.status)
        return response

    def _record(self, request: Request, status: int) -> None:
        query = {_shown(name): ["***"] if _is_secret(name) else [_shown(value) for value in values]
                 for name, values in request.query.items()}
        entry = Entry(time.time(), request.method, _shown(request.path), query, status, request.caller,
                      request.is_unknown)
        with self._lock:
            self._entries.append(entry)
        if entry.is_unknown:
            self.on_unknown(entry)


def _shown(text: str) -> str:
    """What is kept of every request must not be as long as a client likes."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _is_secret(name: str) -> bool:
    lower = name.lower()
    return lower not in _HARMLESS_NAMES and any(part in lower for part in _SECRET_NAMES)
