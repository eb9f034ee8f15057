"""Quartz cron expressions: what the scheduler accepts, and whether it fires in a given minute.

The rules are those of https://www.quartz-scheduler.org/documentation/quartz-2.3.0/tutorials/crontrigger.html.
"""
from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

_MONTHS = {name: number for number, name in enumerate(
    ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"), 1)}
_DAYS = {name: number for number, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), 1)}
_RANGES = {"seconds": (0, 59), "minutes": (0, 59), "hours": (0, 23), "day of month": (1, 31), "month": (1, 12),
           "day of week": (1, 7), "year": (1970, 2099)}
_NAMES = {"month": _MONTHS, "day of week": _DAYS}
_MONTH_DAY = re.compile(r"L(-\d{1,2})?W?|\d{1,2}W")
_WEEK_DAY = re.compile(r"([1-7]|[A-Z]{3})(L|#[1-5])")


@dataclass(frozen=True)
class Quartz:
    """`values` are the plain numbers of each field; `day` is the one special word of a day field, if any."""

    values: dict[str, frozenset[int]]
    day: str = ""

    def fires_at(self, moment: datetime) -> bool:
        """Whether it fires at `moment`, a local time in whole seconds."""
        numbers = {"seconds": moment.second, "minutes": moment.minute, "hours": moment.hour, "month": moment.month,
                   "year": moment.year}
        return all(number in self.values[field] for field, number in numbers.items()) and self._fits_day(moment.date())

    def fires_between(self, after: datetime, until: datetime) -> bool:
        """Whether it fires once or more after `after` and not later than `until`; both local, second by second."""
        moment = after.replace(microsecond=0) + timedelta(seconds=1)
        last = max(self.values["year"])
        while moment <= until and moment.year <= last:
            if self.fires_at(moment):
                return True
            moment += self._step(moment)
        return False

    def _step(self, moment: datetime) -> timedelta:
        """To the next moment that may fit, past a year, a day, an hour or a minute that does not."""
        if moment.year not in self.values["year"]:
            return datetime(moment.year + 1, 1, 1) - moment.replace(tzinfo=None)  # noqa: DTZ001 - local, like the moment
        if moment.month not in self.values["month"] or not self._fits_day(moment.date()):
            return timedelta(hours=24 - moment.hour, minutes=-moment.minute, seconds=-moment.second)
        if moment.hour not in self.values["hours"]:
            return timedelta(minutes=60 - moment.minute, seconds=-moment.second)
        if moment.minute not in self.values["minutes"]:
            return timedelta(seconds=60 - moment.second)
        return timedelta(seconds=1)

    def _fits_day(self, day: date) -> bool:
        if self.day:
            return _fits_special(self.day, day)
        weekday = day.isoweekday() % 7 + 1
        return day.day in self.values["day of month"] and weekday in self.values["day of week"]


def parse(expression: str) -> Quartz:
    """Read an expression of six or seven fields; `ValueError` says what Quartz does not take."""
    texts = expression.upper().split()
    if len(texts) not in {6, 7}:
        message = (f"expected 6 or 7 fields (seconds minutes hours day-of-month month day-of-week [year]), "
                   f"got {len(texts)}")
        raise ValueError(message)
    fields = dict(zip(_RANGES, [*texts, "*"], strict=False))
    if fields["day of week"] == "L":
        fields["day of week"] = "SAT"
    if (fields["day of month"] == "?") == (fields["day of week"] == "?"):
        message = "exactly one of day-of-month and day-of-week must be '?'"
        raise ValueError(message)
    special = _special(fields)
    open_days = {"?", special}
    plain = {name: "*" if name.startswith("day") and text in open_days else text for name, text in fields.items()}
    return Quartz({name: frozenset(_numbers(name, text)) for name, text in plain.items()}, special)


def _special(fields: dict[str, str]) -> str:
    """`L`, `LW`, `L-3`, `15W` of a month; `6L`, `FRI#2` of a week, with the day as a number."""
    if _MONTH_DAY.fullmatch(fields["day of month"]):
        return fields["day of month"]
    found = _WEEK_DAY.fullmatch(fields["day of week"])
    return "" if found is None or (found[1].isalpha() and found[1] not in _DAYS) else found[0]


def _numbers(field: str, text: str) -> set[int]:
    numbers: set[int] = set()
    for part in text.split(","):
        numbers |= _part(field, part)
    return numbers


def _part(field: str, part: str) -> set[int]:
    low, high = _RANGES[field]
    span, slash, step_text = part.partition("/")
    step = _number(field, step_text, 1, high) if slash else 1
    if span == "*":
        return set(range(low, high + 1, step))
    first_text, dash, last_text = span.partition("-")
    first = _number(field, first_text, low, high)
    last = _number(field, last_text, low, high) if dash else (high if slash else first)
    if first <= last:
        return set(range(first, last + 1, step))
    # A range may pass the end, as in 22-2 or FRI-MON.
    size = high - low + 1
    return {low + (number - low) % size for number in range(first, last + size + 1, step)}


def _number(field: str, text: str, low: int, high: int) -> int:
    number = _NAMES.get(field, {}).get(text, int(text) if text.isdecimal() and len(text) <= 4 else None)
    if number is None or not low <= number <= high:
        message = f"{field}: {text!r} is not a number from {low} to {high}"
        raise ValueError(message)
    return number


def _fits_special(special: str, day: date) -> bool:
    last = calendar.monthrange(day.year, day.month)[1]
    weekday = day.isoweekday() % 7 + 1
    if special == "L" or special.startswith("L-") or special.endswith("W"):
        return day.day == _day_of_month(special, day, last)
    number = _DAYS.get(special[:3]) or int(special[0])
    if special.endswith("L"):
        return weekday == number and day.day > last - 7
    return weekday == number and (day.day - 1) // 7 + 1 == int(special[-1])


def _day_of_month(special: str, day: date, last: int) -> int:
    text = special.removesuffix("W")
    wanted = last - int(text[2:] or 0) if text.startswith("L") else min(int(text), last)
    if not special.endswith("W"):
        return wanted
    weekday = date(day.year, day.month, max(wanted, 1)).isoweekday()
    shift = {6: -1 if wanted > 1 else 2, 7: 1 if wanted < last else -2}.get(weekday, 0)
    return wanted + shift
