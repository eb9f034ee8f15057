"""When a call that failed may be sent again, and how long to wait before: `Retry-After` first, else exponential."""
from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

from steps.lib.clock import Clock

_EXPONENT_LIMIT = 16


@dataclass(frozen=True)
class RetryLimits:
    """Seconds. `budget` bounds the sum of all waits for one call; `longest` bounds one wait we chose ourselves."""

    budget: float = 120.0
    first: float = 0.5
    longest: float = 20.0


class Retries:
    """The waits of one call. The budget counts from the first attempt, replies included."""

    def __init__(self, limits: RetryLimits, clock: Clock, jitter: Callable[[], float] = random.random) -> None:
        self._limits = limits
        self._clock = clock
        self._jitter = jitter
        self._started = clock.monotonic()
        self._attempts = 0

    def wait(self, asked: float | None = None, *, budget: float | None = None) -> bool:
        """Sleep before the next attempt; False, without sleeping, where that would overrun the budget.

        `asked` is what the service asked for, in seconds; it is kept to exactly, never shortened.
        """
        pause = self._pause() if asked is None else asked
        self._attempts += 1
        allowed = self._limits.budget if budget is None else min(budget, self._limits.budget)
        if self.spent + pause > allowed:
            return False
        self._clock.sleep(pause)
        return True

    @property
    def spent(self) -> float:
        return self._clock.monotonic() - self._started

    def _pause(self) -> float:
        # Half fixed, half random: many pipelines that failed together must not come back together.
        full = min(self._limits.longest, self._limits.first * 2.0 ** min(self._attempts, _EXPONENT_LIMIT))
        return full * (0.5 + 0.5 * self._jitter())


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds that a `Retry-After` header asks for: a number or an HTTP date (RFC 9110 §10.2.3); None if unreadable."""
    text = (value or "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return max(0.0, (aware - now).total_seconds())
