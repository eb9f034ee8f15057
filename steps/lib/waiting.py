"""Waiting for something slow: short pauses first, longer ones later, and an end."""
from __future__ import annotations

from steps.lib.clock import Clock

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 10.0


class Waiting:
    """One wait of at most `limit` seconds. It starts when it is made."""

    def __init__(self, clock: Clock, limit: float) -> None:
        self._clock = clock
        self._started = clock.monotonic()
        self._pause = FIRST_PAUSE
        self.limit = limit

    @property
    def seconds(self) -> float:
        return self._clock.monotonic() - self._started

    def pause(self) -> bool:
        """Sleep until it is time to look again; False, without sleeping, when the limit is reached."""
        if self.seconds >= self.limit:
            return False
        self._clock.sleep(min(self._pause, self.limit - self.seconds))
        self._pause = min(LONGEST_PAUSE, self._pause * 2)
        return True
