from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from steps.lib.http.pace import Pace
from tests.steps.fake_clock import FakeClock


class Still(FakeClock):
    """Time stands: every wait is told from the beginning."""

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def turns(pace: Pace, clock: FakeClock, count: int) -> list[float]:
    """When each of `count` calls may go, in seconds."""
    times = []
    for _ in range(count):
        pace.wait()
        times.append(clock.monotonic())
    return times


@pytest.mark.parametrize("rate", [20.0, 30.0, 100.0])
def test_calls_keep_to_the_rate(rate: float) -> None:
    clock = FakeClock()
    times = turns(Pace(rate, clock), clock, 200)
    assert times[-1] == pytest.approx((200 - 1) / rate - 0.25)


def test_in_no_second_are_there_more_than_a_quarter_beyond_the_rate() -> None:
    clock = FakeClock()
    times = turns(Pace(20, clock), clock, 100)
    assert max(sum(start <= time < start + 1 for time in times) for start in times) <= 26


def test_a_pause_saves_up_no_more_than_the_burst() -> None:
    clock = FakeClock()
    pace = Pace(20, clock)
    clock.sleep(60)
    clock.slept.clear()
    turns(pace, clock, 10)
    assert len(clock.slept) == 4


def test_threads_get_different_turns() -> None:
    clock = Still()
    pace = Pace(20, clock)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: pace.wait(), range(40)))
    assert sorted(clock.slept) == pytest.approx([0.05 * turn for turn in range(1, 35)])
