"""Keeps calls below the rate a service allows, so that none of them is turned away."""
from __future__ import annotations

import threading

from steps.lib.clock import Clock

_BURST_SECONDS = 0.25


class Pace:
    """At most `per_second` calls of one family. What a quarter of a second allows may go at once.

    Services count in windows nobody has published; a small burst stays within most of them.
    """

    def __init__(self, per_second: float, clock: Clock) -> None:
        self._gap = 1.0 / per_second
        self._clock = clock
        self._lock = threading.Lock()
        self._next = clock.monotonic() - _BURST_SECONDS

    def wait(self) -> None:
        """Return when the next call may be sent; from any thread, each call in its turn."""
        with self._lock:
            now = self._clock.monotonic()
            turn = max(self._next, now - _BURST_SECONDS)
            self._next = turn + self._gap
        if turn > now:
            self._clock.sleep(turn - now)
