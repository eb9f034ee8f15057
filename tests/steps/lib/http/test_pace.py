from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from steps.lib.http.pace import Pace
from tests.steps.fake_clock import FakeClock


class Still(FakeClock):
    """Time stands: every wait is told from the same moment."""

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def turns(pace: Pace, clock: FakeClock, count: int) -> list[float]:
    """When each of `count` calls may go, in seconds."""
    times = []
    for _ in range(count):
        pace.wait()
        times.append(clock.monotonic())
    return times


def test_calls_go_freely_until_one_is_turned_away() -> None:
    clock = FakeClock()
    turns(Pace(20, clock), clock, 500)
    assert clock.slept == []


@pytest.mark.parametrize("rate", [20.0, 30.0, 100.0])
def test_after_the_pause_calls_keep_to_the_rate(rate: float) -> None:
    clock = FakeClock()
    pace = Pace(rate, clock)
    pace.slow_down(2)
    times = turns(pace, clock, 200)
    assert times[0] == 2.0
    assert times[-1] == pytest.approx(2 + (200 - 0.75 * rate) / rate, abs=1 / rate)


def test_what_the_service_asks_for_is_kept_to() -> None:
    clock = FakeClock()
    pace = Pace(20, clock)
    pace.slow_down(7)
    pace.wait()
    assert clock.slept == [7]


def test_without_a_wish_the_pause_is_a_second() -> None:
    clock = FakeClock()
    pace = Pace(20, clock)
    pace.slow_down()
    pace.wait()
    assert clock.slept == [1]


def test_calls_turned_away_together_are_one_warning() -> None:
    clock = FakeClock()
    pace = Pace(20, clock)
    pace.slow_down(1)
    clock.sleep(0.5)
    pace.slow_down(1)
    assert turns(pace, clock, 1) == [1.0]


def test_later_warning_makes_a_new_pause() -> None:
    clock = FakeClock()
    pace = Pace(20, clock)
    pace.slow_down(1)
    turns(pace, clock, 3)
    pace.slow_down(4)
    assert turns(pace, clock, 1) == [5.0]


def test_idle_time_saves_up_no_more_than_three_quarters_of_a_second() -> None:
    clock = FakeClock()
    pace = Pace(20, clock)
    pace.slow_down(1)
    clock.sleep(60)
    clock.slept.clear()
    turns(pace, clock, 18)
    assert len(clock.slept) == 3


def test_threads_get_different_turns() -> None:
    clock = Still()
    pace = Pace(20, clock)
    pace.slow_down(1)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: pace.wait(), range(40)))
    later = [seconds for seconds in sorted(clock.slept) if seconds > 1]
    assert later == pytest.approx([1 + 0.05 * turn for turn in range(1, 26)])
