"""Time as a value: embedded services ask a clock, so that a test can move it."""
from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

_LONGEST = 366 * 24 * 3600
# No calendar, certificate or file system has its last year within a hundred years.
FARTHEST = 100 * _LONGEST


class Clock(Protocol):
    def now(self) -> float:
        """Seconds since 1970."""


class SystemClock:
    def now(self) -> float:
        return time.time()


class FakeClock:
    """Stands still until it is told to advance."""

    def __init__(self, start: float = 1_700_000_000.0) -> None:
        self._now = start
        self._lock = threading.Lock()

    def now(self) -> float:
        with self._lock:
            return self._now

    def advance(self, seconds: float) -> None:
        with self._lock:
            self._now += seconds


class AdvancedClock:
    """The system's time and `ahead` seconds; whoever is impatient advances it, and `on_advance` is told the sum."""

    def __init__(self, ahead: float = 0.0, on_advance: Callable[[float], None] = lambda _: None) -> None:
        self.ahead = ahead
        self._on_advance = on_advance
        self._lock = threading.Lock()

    def now(self) -> float:
        return time.time() + self.ahead

    def advance(self, seconds: float) -> None:
        """Never back: what has happened stays in the past."""
        if not 0 <= seconds <= _LONGEST:
            message = f"advance: got {seconds!r}, expected 0 to {_LONGEST} seconds"
            raise ValueError(message)
        with self._lock:
            if self.ahead + seconds > FARTHEST:
                message = f"advance: the clock is {self.ahead:.0f} seconds ahead, and can be at most {FARTHEST}"
                raise ValueError(message)
            # Told first: what could not be kept has not happened.
            self._on_advance(self.ahead + seconds)
            self.ahead += seconds
