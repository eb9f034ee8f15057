"""Faults as data: what goes wrong on which route, how often, and before or after the handler ran."""
from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Literal

from sandbox.http.message import Application, ConnectionDroppedError, Request, Response

_REMEMBERED = 64


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong.

    `path` is a shell pattern on the decoded path. `when` says what happens to a request that fits:
    `before`: the handler does not run and `status`, `headers` and `body` are the answer (status 0: no answer, the
    connection closes); `after`: the handler runs and its reply is lost; `stale`: a GET is answered as it was the last
    time, whatever was written since; `late`: nothing but the `delay` in seconds, which every kind waits first, and
    `headers` beside those of the answer.
    `times` is how often, None for ever.
    """

    path: str
    method: str = "*"
    status: int = 503
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    times: int | None = 1
    when: Literal["before", "after", "stale", "late"] = "before"
    delay: float = 0.0

    def fits(self, request: Request) -> bool:
        return self.method in {"*", request.method} and fnmatchcase(request.path, self.path)


class Faults:
    """Wraps an application; the first fault that fits a request and is not used up strikes."""

    def __init__(self, application: Application, sleep: Callable[[float], None] = time.sleep) -> None:
        self._application = application
        self._sleep = sleep
        self._faults: list[Fault] = []
        self._last_replies: OrderedDict[tuple[str, str], Response] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def waiting(self) -> list[Fault]:
        """The faults that will still strike, each with the number of times left."""
        with self._lock:
            return list(self._faults)

    def __call__(self, request: Request) -> Response:
        fault = self._next(request)
        if fault is None:
            return self._answer(request)
        if fault.delay:
            self._sleep(fault.delay)
        if fault.when == "late":
            reply = self._answer(request)
            return replace(reply, headers={**reply.headers, **fault.headers})
        if fault.when == "stale":
            return self._last_reply(request) or self._answer(request)
        if fault.when == "after":
            self._application(request).close()
        if fault.when == "after" or fault.status == 0:
            raise ConnectionDroppedError
        return Response(fault.status, fault.body, dict(fault.headers))

    def _answer(self, request: Request) -> Response:
        reply = self._application(request)
        if request.method == "GET" and reply.chunks is None:
            with self._lock:
                self._last_replies[_identity(request)] = reply
                self._last_replies.move_to_end(_identity(request))
                if len(self._last_replies) > _REMEMBERED:
                    self._last_replies.popitem(last=False)
        return reply

    def _last_reply(self, request: Request) -> Response | None:
        with self._lock:
            return self._last_replies.get(_identity(request))

    def _next(self, request: Request) -> Fault | None:
        with self._lock:
            index = next((at for at, fault in enumerate(self._faults) if fault.fits(request)), None)
            if index is None:
                return None
            fault = self._faults[index]
            if fault.times is not None:
                self._faults[index:index + 1] = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
            return fault


def _identity(request: Request) -> tuple[str, str]:
    """The same call of the same caller; the header is compared, never shown."""
    target = request.raw_target or f"{request.path}?{sorted(request.query.items())}"
    return target, request.headers.get("Authorization", "")
