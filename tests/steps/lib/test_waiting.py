from __future__ import annotations

from steps.lib.waiting import LONGEST_PAUSE, Waiting
from tests.steps.fake_clock import FakeClock


def test_pauses_are_short_first_and_never_longer_than_ten_seconds() -> None:
    clock = FakeClock()
    waiting = Waiting(clock, 1200)
    while waiting.pause():
        pass
    assert [round(pause, 1) for pause in clock.slept[:8]] == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0]
    assert max(clock.slept) == LONGEST_PAUSE


def test_the_last_look_is_at_the_limit() -> None:
    clock = FakeClock()
    waiting = Waiting(clock, 5)
    while waiting.pause():
        pass
    assert clock.seconds == 5


def test_no_limit_means_one_look() -> None:
    clock = FakeClock()
    assert not Waiting(clock, 0).pause()
    assert clock.slept == []
