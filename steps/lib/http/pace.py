"""Keeps the calls of one family below the rate a service allows, once it has said that they come too fast."""
from __future__ import annotations

import threading

from steps.lib.clock import Clock

# Of what a service has room for after a pause, so much is used at once; the rest is for others and for uneven clocks.
_USED_AT_ONCE = 0.75
_PAUSE_SECONDS = 1.0


class Pace:
    """Calls go freely until the first is turned away; from then on there are at most `per_second`, each in its turn.

    Not from the start: a documented rate is what a service may enforce, and a few dozen calls never meet it.
    """

    def __init__(self, per_second: float, clock: Clock) -> None:
        self._rate = per_second
        self._clock = clock
        self._lock = threading.Lock()
        self._resumed: float | None = None
        self._saved = 0.0
        self._counted = 0.0

    def wait(self) -> None:
        """Return when the next call may be sent; from any thread."""
        with self._lock:
            if self._resumed is None:
                return
            now = self._clock.monotonic()
            passed = max(0.0, now - max(self._counted, self._resumed))
            self._saved = min(self._rate * _USED_AT_ONCE, self._saved + passed * self._rate) - 1.0
            self._counted = max(now, self._counted)
            pause = max(0.0, self._resumed - now) + max(0.0, -self._saved / self._rate)
        if pause > 0:
            self._clock.sleep(pause)

    def slow_down(self, asked: float | None = None) -> None:
        """A call was turned away; `asked` is the pause in seconds that the service wants. No other call goes before.

        Calls that were sent together are turned away together: all of them are one warning.
        """
        pause = _PAUSE_SECONDS if asked is None else asked
        with self._lock:
            now = self._clock.monotonic()
            if self._resumed is None or now >= self._resumed:
                self._resumed = now + pause
                self._saved = min(1.0, pause) * self._rate * _USED_AT_ONCE
