from __future__ import annotations

from datetime import datetime, timezone

import pytest

from steps.lib.http.retry import Retries, RetryLimits, retry_after
from tests.steps.fake_clock import FakeClock

NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)


def retries(clock: FakeClock, *, jitter: float = 1.0, budget: float = 100.0) -> Retries:
    return Retries(RetryLimits(budget=budget, first=1.0, longest=8.0), clock, lambda: jitter)


def test_waits_grow_to_the_longest_one() -> None:
    clock = FakeClock()
    waits = retries(clock)
    assert all(waits.wait() for _ in range(6))
    assert clock.slept == [1, 2, 4, 8, 8, 8]


def test_jitter_halves_a_wait_at_most() -> None:
    clock = FakeClock()
    retries(clock, jitter=0.0).wait()
    assert clock.slept == [0.5]


def test_what_the_service_asks_for_is_kept_to_exactly() -> None:
    clock = FakeClock()
    retries(clock, jitter=0.0).wait(37.0)
    assert clock.slept == [37.0]


def test_a_wait_beyond_the_budget_is_refused_without_sleeping() -> None:
    clock = FakeClock()
    waits = retries(clock, budget=10.0)
    assert waits.wait(9.0)
    assert not waits.wait(2.0)
    assert clock.slept == [9.0]


def test_time_spent_in_replies_counts_against_the_budget() -> None:
    clock = FakeClock()
    waits = retries(clock, budget=10.0)
    clock.seconds = 9.5
    assert not waits.wait()


def test_many_attempts_do_not_overflow() -> None:
    clock = FakeClock()
    waits = Retries(RetryLimits(budget=1e9, first=0.001, longest=0.001), clock, lambda: 1.0)
    assert all(waits.wait() for _ in range(3000))


@pytest.mark.parametrize(("value", "seconds"), [
    pytest.param("7", 7.0, id="seconds"),
    pytest.param(" 0 ", 0.0, id="zero"),
    pytest.param("Thu, 01 Jan 2026 12:00:30 GMT", 30.0, id="date"),
    pytest.param("Thu, 01 Jan 2026 11:00:00 GMT", 0.0, id="date in the past"),
    pytest.param(None, None, id="absent"),
    pytest.param("", None, id="empty"),
    pytest.param("soon", None, id="nonsense"),
    pytest.param("-5", None, id="negative"),
    pytest.param("1.5", None, id="fraction"),
    pytest.param("²", None, id="a digit that is none"),
])
def test_retry_after_is_read(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOON) == seconds
