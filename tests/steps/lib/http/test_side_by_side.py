from __future__ import annotations

import threading
import time

import pytest

from steps.lib.errors import InputError, ServiceError
from steps.lib.http.side_by_side import each


class Counting:
    """Work that notes how many of it run at once; it fails for the numbers it is given."""

    def __init__(self, *failing: int, seconds: float = 0.0) -> None:
        self.failing = failing
        self.seconds = seconds
        self.begun: list[int] = []
        self.most = self.running = 0
        self._lock = threading.Lock()

    def __call__(self, number: int) -> int:
        with self._lock:
            self.begun.append(number)
            self.running += 1
            self.most = max(self.most, self.running)
        time.sleep(self.seconds)
        with self._lock:
            self.running -= 1
        if number in self.failing:
            message = f"no {number}"
            raise ServiceError(message)
        return number * 2


@pytest.mark.parametrize("careful", [False, True])
def test_results_come_in_the_order_of_the_items(careful: bool) -> None:
    assert each(Counting(), range(40), careful=careful).results() == [number * 2 for number in range(40)]


def test_never_more_than_sixteen_at_once() -> None:
    work = Counting(seconds=0.005)
    each(work, range(60))
    assert 2 <= work.most <= 16


@pytest.mark.parametrize(("failing", "begun"), [(0, 1), (1, 3), (6, 7), (7, 15)])
def test_careful_work_begins_with_few(failing: int, begun: int) -> None:
    work = Counting(failing, seconds=0.01)
    outcome = each(work, range(40), careful=True)
    assert sorted(work.begun) == list(range(begun))
    assert (list(outcome.failed), len(outcome.done)) == ([failing], begun - 1)


def test_after_a_failure_nothing_new_begins() -> None:
    work = Counting(0, seconds=0.01)
    each(work, range(200))
    assert len(work.begun) <= 32


def test_first_error_in_the_order_of_the_items_is_raised() -> None:
    with pytest.raises(ServiceError, match="no 1"):
        each(Counting(1, 2, seconds=0.02), range(3)).results()


def test_nothing_to_do_is_done() -> None:
    assert each(Counting(), []).results() == []


def test_a_bug_is_not_taken_for_a_failure() -> None:
    def broken(_: int) -> int:
        raise KeyError

    with pytest.raises(KeyError):
        each(broken, range(3))


def test_mistakes_of_input_count_as_failures() -> None:
    def refuse(number: int) -> int:
        raise InputError([str(number)])

    assert list(each(refuse, [7], careful=True).failed) == [0]
