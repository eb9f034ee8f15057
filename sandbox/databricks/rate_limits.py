"""The documented rates of the API as data: too many requests are answered 429, in one workspace, per family.

The numbers are those of https://learn.microsoft.com/azure/databricks/resources/limits, read in a mirror of 2026-05.
"""
from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from sandbox.http.message import Application, Request, Response, json_response


@dataclass(frozen=True)
class RateLimit:
    """At most `per_second` requests whose method and decoded path fit; `burst` of them may come at once.

    Without `methods` every method fits.
    """

    path: str
    per_second: float
    methods: frozenset[str] = frozenset()
    burst: int = 0

    def fits(self, request: Request) -> bool:
        return request.method in (self.methods or {request.method}) and fnmatchcase(request.path, self.path)

    @property
    def capacity(self) -> float:
        return float(self.burst or max(1.0, self.per_second))


_READS = frozenset({"GET"})
_WRITES = frozenset({"PUT", "PATCH"})
DOCUMENTED = (
    RateLimit("/api/2.?/jobs/create", 20), RateLimit("/api/2.?/jobs/run-now", 20),
    RateLimit("/api/2.?/jobs/runs/get", 100), RateLimit("/api/2.?/jobs/runs/submit", 35),
    RateLimit("/api/2.0/permissions/*", 100, _READS), RateLimit("/api/2.0/permissions/*", 30, _WRITES),
    RateLimit("/api/2.0/preview/scim/*", 255 / 60, _READS, 255),
    RateLimit("/api/2.0/workspace/export", 60), RateLimit("/api/2.0/workspace/import", 30),
    RateLimit("/api/2.0/secrets/*", 1100 / 60, burst=1100),
)


@dataclass
class _Bucket:
    tokens: float
    filled: float


class RateLimits:
    """Wraps an application; off until `set` is given limits. `now` tells seconds and never goes back."""

    def __init__(self, application: Application, now: Callable[[], float] = time.monotonic) -> None:
        self._application = application
        self._now = now
        self._lock = threading.Lock()
        self._limits: tuple[RateLimit, ...] = ()
        self._buckets: dict[RateLimit, _Bucket] = {}
        self._retry_after = True

    def set(self, limits: Iterable[RateLimit] = DOCUMENTED, *, retry_after: bool = True) -> None:
        """Every limit begins with a full allowance. `retry_after` sends the header, which no page promises."""
        with self._lock:
            self._limits, self._retry_after = tuple(limits), retry_after
            self._buckets = {limit: _Bucket(limit.capacity, self._now()) for limit in self._limits}

    def clear(self) -> None:
        self.set(())

    @property
    def are_set(self) -> bool:
        return bool(self._limits)

    def __call__(self, request: Request) -> Response:
        wait = self._wait(request)
        if wait is None:
            return self._application(request)
        message = "Too many requests: the rate limit of this API has been exceeded."
        headers = {"Retry-After": str(max(1, round(wait)))} if self._retry_after else {}
        return json_response({"error_code": "REQUEST_LIMIT_EXCEEDED", "message": message}, 429, headers)

    def _wait(self, request: Request) -> float | None:
        """Seconds until the request would be let through, None if it is now: then it has used up its allowance."""
        with self._lock:
            limit = next((limit for limit in self._limits if limit.fits(request)), None)
            if limit is None:
                return None
            bucket, now = self._buckets[limit], self._now()
            bucket.tokens = min(limit.capacity, bucket.tokens + (now - bucket.filled) * limit.per_second)
            bucket.filled = now
            if bucket.tokens >= 1:
                bucket.tokens -= 1
                return None
            return (1 - bucket.tokens) / limit.per_second
