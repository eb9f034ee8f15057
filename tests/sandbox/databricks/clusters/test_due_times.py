from __future__ import annotations

from sandbox.databricks.clusters.due_times import DueTimes


def test_those_due_come_soonest_first_and_once() -> None:
    due = DueTimes({})
    for name, moment in (("late", 9.0), ("second", 5.0), ("first", 1.0)):
        due.change(name, moment)
    assert [due.until(5.0), due.until(5.0), due.until(9.0)] == [["first", "second"], [], ["late"]]


def test_only_the_last_word_about_a_cluster_counts() -> None:
    due = DueTimes({})
    due.change("a", 1.0)
    due.change("a", 5.0)
    due.change("b", 2.0)
    due.change("b", None)
    assert [due.until(4.0), due.until(5.0)] == [[], ["a"]]


def test_moment_that_comes_back_counts_again() -> None:
    due = DueTimes({})
    due.change("a", 1.0)
    due.change("a", 5.0)
    due.change("a", 1.0)
    assert [due.until(9.0), due.until(9.0)] == [["a"], []]


def test_what_was_put_off_is_not_kept_for_ever() -> None:
    due = DueTimes({})
    for moment in range(10_000):
        due.change("a", float(moment))
    assert len(due._heap) < 100
    assert due.until(1e9) == ["a"]
