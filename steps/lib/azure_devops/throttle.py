"""Goes slower when the service asks for it, in all threads: a `Retry-After` beside a success is a wait, no failure.

https://learn.microsoft.com/azure/devops/integrate/concepts/rate-limits
"""
from __future__ import annotations

import threading
from http import HTTPStatus

import requests

from steps.lib import agent
from steps.lib.clock import Clock
from steps.lib.http.retry import retry_after

# The service delays by half a minute at most; whoever asks for more has a moment of its own in mind.
LONGEST_WAIT_SECONDS = 120.0


class Throttle:
    """One for all threads of a connection: the limit is the identity's."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._not_before = float("-inf")
        self._told = False

    def wait(self) -> None:
        """Sleep until the service wants to be asked again."""
        with self._lock:
            pause = self._not_before - self._clock.monotonic()
        if pause > 0:
            self._clock.sleep(pause)

    def note(self, reply: requests.Response) -> None:
        """Take notice of what a success or a refused rate says about the load; other failures are their caller's."""
        if not reply.ok and reply.status_code != HTTPStatus.TOO_MANY_REQUESTS:
            return
        headers = reply.headers
        asked = retry_after(headers.get("Retry-After"), self._clock.now()) or 0.0
        with self._lock:
            moment = self._clock.monotonic() + min(asked, LONGEST_WAIT_SECONDS)
            self._not_before = max(self._not_before, moment)
            tell = not self._told and (asked > 0 or "X-RateLimit-Delay" in headers)
            self._told = self._told or tell
        if tell:
            resource = headers.get("X-RateLimit-Resource", "its usage limit")
            agent.info(f"the organization slows this identity down ({resource}); going on at its pace")
