"""Records what was asked and how it was answered, never a body, a header or a token."""
from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

from sandbox.http.message import Application, ConnectionDroppedError, Request, RequestRefusedError, Response

_KEPT = 50_000
_SECRET_NAMES = ("token", "secret", "password", "assertion")
_HARMLESS_NAMES = ("page_token",)
NO_REPLY = 0


@dataclass(frozen=True)
class Entry:
    """`status` is 0 where the reply was lost. `who` is the authenticated caller, empty if there was none."""

    time: float
    method: str
    path: str
    query: dict[str, list[str]]
    status: int
    who: str

    @property
    def is_write(self) -> bool:
        return self.method not in {"GET", "HEAD", "OPTIONS"}

    def as_json(self) -> dict[str, Any]:
        return dict(self.__dict__)


class RequestLog:
    """Wraps an application; `entries()` tells every request since the last `clear()`, oldest first."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self._lock = threading.Lock()

    def entries(self) -> list[Entry]:
        with self._lock:
            return list(self._entries)

    def writes(self) -> list[Entry]:
        return [entry for entry in self.entries() if entry.is_write]

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
        query = {name: ["***"] if _is_secret(name) else values for name, values in request.query.items()}
        entry = Entry(time.time(), request.method, request.path, query, status, request.caller)
        with self._lock:
            self._entries.append(entry)


def _is_secret(name: str) -> bool:
    lower = name.lower()
    return lower not in _HARMLESS_NAMES and any(part in lower for part in _SECRET_NAMES)
