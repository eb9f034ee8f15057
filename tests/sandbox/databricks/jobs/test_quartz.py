from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.databricks.jobs import quartz

moment = datetime.fromisoformat


@pytest.mark.parametrize("expression", [
    "0 0 12 * * ?", "0 15 10 ? * *", "0 15 10 * * ? 2026", "0 0/5 14,18 * * ?", "0 10,44 14 ? 3 WED",
    "0 15 10 ? * MON-FRI", "0 15 10 L * ?", "0 15 10 L-2 * ?", "0 15 10 LW * ?", "0 15 10 15W * ?", "0 15 10 ? * 6L",
    "0 15 10 ? * fril", "0 15 10 ? * 6#3", "0 15 10 ? * L", "0 0 22-2 * * ?", "0 0 0 ? * FRI-MON", "*/15 * * * * ?",
    "0 0 0 1 JAN-DEC/3 ?",
])
def test_quartz_takes(expression: str) -> None:
    assert quartz.parse(expression)


@pytest.mark.parametrize(("expression", "words"), [
    ("", "got 0"), ("0 0 12 * *", "got 5"), ("0 0 12 * * ? 2026 x", "got 8"), ("0 0 12 * * *", "'?'"),
    ("0 0 12 ? * ?", "'?'"), ("60 0 12 * * ?", "seconds: '60'"), ("0 60 12 * * ?", "minutes"),
    ("0 0 24 * * ?", "hours"), ("0 0 0 0 * ?", "day of month"), ("0 0 0 32 * ?", "day of month"),
    ("0 0 0 ? * 8", "day of week"), ("0 0 0 ? * 0", "day of week"), ("0 0 0 * 13 ?", "month"),
    ("0 0 0 * FOO ?", "'FOO'"), ("0 0 0 ? * XYZL", "'XYZL'"), ("0 0 0 ? * 6#6", "'6#6'"),
    ("0 0/0 0 * * ?", "minutes: '0'"), ("0 , 0 * * ?", "minutes: ''"), ("0 ? 0 * * ?", "'?'"),
    ("0 1--2 0 * * ?", "minutes"), ("0 0 0 * * ? 1969", "year"), ("0 0 ² * * ?", "hours"),
])
def test_quartz_refuses(expression: str, words: str) -> None:
    with pytest.raises(ValueError) as refused:
        quartz.parse(expression)
    assert words in str(refused.value)


@pytest.mark.parametrize(("expression", "at", "fires"), [
    ("0 0 6 * * ?", "2026-03-02T06:00:00", True), ("0 0 6 * * ?", "2026-03-02T06:00:01", False),
    ("0 0 6 ? * MON", "2026-03-02T06:00:00", True), ("0 0 6 ? * SUN", "2026-03-02T06:00:00", False),
    ("0 0 0 L * ?", "2026-02-28T00:00:00", True), ("0 0 0 L-2 * ?", "2026-02-26T00:00:00", True),
    ("0 0 0 LW * ?", "2026-02-27T00:00:00", True), ("0 0 0 15W * ?", "2026-02-16T00:00:00", True),
    ("0 0 0 1W * ?", "2026-08-03T00:00:00", True), ("0 0 0 ? * 6L", "2026-02-27T00:00:00", True),
    ("0 0 0 ? * 6L", "2026-02-20T00:00:00", False), ("0 0 0 ? * MON#1", "2026-03-02T00:00:00", True),
    ("0 0 0 ? * MON#2", "2026-03-02T00:00:00", False), ("0 0 0 ? * L", "2026-03-07T00:00:00", True),
    ("0 0 22-2 * * ?", "2026-03-02T01:00:00", True), ("0 0 22-2 * * ?", "2026-03-02T03:00:00", False),
    ("0 0/20 * * * ?", "2026-03-02T01:40:00", True), ("0 0 0 * * ? 2027", "2026-03-02T00:00:00", False),
])
def test_it_fires(expression: str, at: str, fires: bool) -> None:
    assert quartz.parse(expression).fires_at(moment(at)) is fires


@pytest.mark.parametrize(("after", "until", "fires"), [
    ("2026-03-02T05:59:59", "2026-03-02T06:00:00", True), ("2026-03-02T06:00:00", "2026-03-03T05:59:59", False),
    ("2026-03-02T06:00:00", "2026-03-03T06:00:00", True), ("2026-03-02T06:00:00", "2026-03-02T05:00:00", False),
], ids=["at the end", "not again", "next day", "backwards"])
def test_it_fires_between(after: str, until: str, fires: bool) -> None:
    every_morning = quartz.parse("0 0 6 * * ?")
    assert every_morning.fires_between(moment(after), moment(until)) is fires


@given(expression=st.sampled_from(["0 0 6 * * ?", "0 59 23 ? * FRI", "0 0/7 14,18 * * ?", "0 0 0 L * ?",
                                   "0 30 22-2 1 * ?"]),
       after=st.datetimes(moment("2026-01-30"), moment("2026-03-02")), days=st.floats(0, 2))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_no_moment_between_is_passed_over(expression: str, after: datetime, days: float) -> None:
    until = after + timedelta(days=days)
    minute = after.replace(second=0, microsecond=0) + timedelta(minutes=1)
    minutes = int((until - minute) / timedelta(minutes=1)) + 1
    expected = minute <= until and any(
        quartz.parse(expression).fires_at(minute + timedelta(minutes=number)) for number in range(minutes))
    assert quartz.parse(expression).fires_between(after, until) is expected


@pytest.mark.parametrize("expression", ["0 0 0 30 2 ?", "* * * * * ? 2099", "0 * * * * ? 1970-2020,2099"])
def test_years_between_are_passed_quickly(expression: str) -> None:
    never = quartz.parse(expression)
    assert not never.fires_between(moment("2021-03-04T05:06:07"), moment("2051-01-01"))


def test_the_year_that_fits_is_found_from_afar() -> None:
    once = quartz.parse("0 0 6 1 1 ? 2050")
    assert once.fires_between(moment("2021-03-04T05:06:07"), moment("2050-01-01T06:00:00"))
    assert not once.fires_between(moment("2021-03-04T05:06:07"), moment("2050-01-01T05:59:59"))
    assert not once.fires_between(moment("2050-01-01T06:00:00"), moment("9999-12-31T23:59:59"))
