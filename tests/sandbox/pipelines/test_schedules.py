from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from sandbox.pipelines.schedules import parse_cron, read_schedules

SAME = [
    ("0 18 * * Mon,Wed,Fri", "0 18 * * 1,3,5"), ("0 18 * * Mon,Wed,Fri", "0 18 * * 1-5/2"),
    ("0 0,6,12,18 * * *", "0 */6 * * *"), ("0 0,6,12,18 * * *", "0 0-18/6 * * *"),
    ("0 9,15,21 * * *", "0 9-21/6 * * *"), ("0 0 1 1 *", "0 0 1 January *"), ("0 5/20 * * *", "0 5-23/20 * * *"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_there_is_more_than_one_way_to_write_a_time(one: str, other: str) -> None:
    assert parse_cron(one) == parse_cron(other)


BAD = ["", "* * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * foo *", "* * * * 7", "*/0 * * * *", "5-1 * * * *",
       "a b c d e", "0 0 1 * Mon", "0 0 * * * *"]


@pytest.mark.parametrize("text", BAD)
def test_a_bad_time_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="cron"):
        parse_cron(text)


NEXT = [
    ("0 18 * * Mon,Wed,Fri", "2024-03-06 18:00"), ("*/15 * * * *", "2024-03-05 14:15"),
    ("0 0 1 * *", "2024-04-01 00:00"), ("0 0 29 2 *", "2028-02-29 00:00"), ("7 14 * * *", "2024-03-06 14:07"),
]


@pytest.mark.parametrize(("text", "expected"), NEXT)
def test_the_next_time_comes_after_now(text: str, expected: str) -> None:
    tuesday = datetime(2024, 3, 5, 14, 7, 30, tzinfo=timezone.utc)
    found = parse_cron(text).next_after(tuesday)
    assert found is not None
    assert found.strftime("%Y-%m-%d %H:%M") == expected


def test_times_are_utc_wherever_the_clock_is() -> None:
    evening = datetime(2024, 3, 5, 23, 30, tzinfo=timezone(timedelta(hours=-8)))
    assert parse_cron("0 18 * * *").next_after(evening) == datetime(2024, 3, 6, 18, 0, tzinfo=timezone.utc)
    assert parse_cron("45 7 * * *").next_after(evening) == datetime(2024, 3, 6, 7, 45, tzinfo=timezone.utc)


def test_a_time_that_never_comes_is_none() -> None:
    assert parse_cron("0 0 31 2 *").next_after(datetime(2024, 3, 5, tzinfo=timezone.utc)) is None


DUE = [
    (False, False, True, True, True), (False, False, True, False, True), (False, False, False, False, False),
    (False, False, False, True, False), (False, True, True, True, False), (False, True, True, False, True),
    (False, True, False, False, False), (True, False, False, False, True), (True, False, False, True, True),
    (True, True, False, True, True), (True, True, True, True, True),
]


@pytest.mark.parametrize(("always", "batch", "changed", "running", "due"), DUE)
def test_changes_and_running_runs_decide(always: bool, batch: bool, changed: bool, running: bool, due: bool) -> None:
    item = {"cron": "0 0 * * *", "always": str(always).lower(), "batch": str(batch).lower()}
    assert read_schedules([item])[0].is_due(changed=changed, running=running) is due


@pytest.mark.parametrize(("branch", "applies"), [
    ("main", True), ("releases/1", True), ("releases/ancient/1", False), ("dev", False),
])
def test_a_schedule_has_to_list_the_branch(branch: str, applies: bool) -> None:
    branches = {"include": ["main", "releases/*"], "exclude": ["releases/ancient/*"]}
    schedule = read_schedules([{"cron": "0 0 * * *", "branches": branches}])[0]
    assert schedule.applies_to(f"refs/heads/{branch}") is applies
