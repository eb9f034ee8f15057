from __future__ import annotations

from sandbox.databricks.planned_failures import PlannedFailures


def test_failure_strikes_what_fits_as_often_as_it_was_planned() -> None:
    failures = PlannedFailures[str]()
    failures.add("broken", "team-*", times=2)
    taken = [failures.take(name) for name in ("team-a", "other", "team-b", "team-c")]
    assert taken == ["broken", None, "broken", None]


def test_failure_that_was_planned_first_strikes_first() -> None:
    failures = PlannedFailures[str]()
    failures.add("first")
    failures.add("second")
    assert [failures.take("a") for _ in range(3)] == ["first", "second", None]
