"""What a cron expression of Quartz must be like, the form in which Databricks takes schedules.

https://www.quartz-scheduler.org/documentation/quartz-2.5.x/tutorials/crontrigger.html tells fields and characters. What
Quartz takes in silence and then does not follow (a step after a name, W in a list) is refused here.
"""
from __future__ import annotations

import re
from dataclasses import dataclass

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_PART = re.compile(r"(\*|[A-Z]{3}|\d{1,4})?(?:-([A-Z]{3}|\d{1,4}))?(?:/(\d{1,4}))?", re.ASCII)
_LAST_DAY = re.compile(r"L(?:-(\d{1,2}))?W?|(\d{1,2})W", re.ASCII)
_LAST_OR_NTH = re.compile(r"(\d|[A-Z]{3})?L|(\d|[A-Z]{3})#([1-5])", re.ASCII)
_OLDEST, _NEWEST = 1970, 2099


@dataclass(frozen=True)
class _Field:
    name: str
    low: int
    high: int
    words: tuple[str, ...] = ()

    @property
    def values(self) -> str:
        return f"{self.low} to {self.high}" + (f" or {self.words[0]} to {self.words[-1]}" if self.words else "")


_DAY_OF_MONTH = _Field("day of month", 1, 31)
_MONTH = _Field("month", 1, 12, _MONTHS)
_DAY_OF_WEEK = _Field("day of week", 1, 7, _DAYS)
_FIELDS = (_Field("seconds", 0, 59), _Field("minutes", 0, 59), _Field("hours", 0, 23), _DAY_OF_MONTH, _MONTH,
           _DAY_OF_WEEK, _Field("year", _OLDEST, _NEWEST))


def problem_with_cron(expression: str) -> str:
    """Why Quartz would not take `expression`; empty if it would."""
    if re.search(r"[^\x20-\x7e\t]", expression):
        return "has a line break or a character beyond ASCII, expected fields with spaces between them"
    parts = expression.upper().split()
    if len(parts) not in (6, 7):
        return (f"has {len(parts)} fields, expected 6 or 7: seconds, minutes, hours, day of month, month, day of week "
                "and perhaps year")
    problems = (_problem(field, part) for field, part in zip(_FIELDS, parts, strict=False))
    return next((problem for problem in problems if problem), "") or _days_problem(parts[3], parts[4], parts[5])


def _problem(field: _Field, text: str) -> str:
    if text == "?":
        return "" if field in (_DAY_OF_MONTH, _DAY_OF_WEEK) else f"{field.name} is '?', expected it for a day only"
    if _is_special(field, text):
        return ""
    problems = (_part_problem(field, part) for part in text.split(","))
    return next((f"{field.name} {text!r}: {problem}" for problem in problems if problem), "")


def _is_special(field: _Field, text: str) -> bool:
    if field is _DAY_OF_MONTH:
        last = _LAST_DAY.fullmatch(text)
        return last is not None and int(last[1] or 0) <= 30 and 1 <= int(last[2] or 1) <= 31
    found = _LAST_OR_NTH.fullmatch(text) if field is _DAY_OF_WEEK else None
    return found is not None and _number(field, found[1] or found[2] or "1") is not None


def _part_problem(field: _Field, part: str) -> str:
    found = _PART.fullmatch(part)
    if not part or not found:
        return f"cannot be read at {part!r}, expected {field.values}{_special(field, part)}"
    start, end, step = found.groups()
    for value in (start, end):
        if value not in (None, "*") and _number(field, value) is None:
            return f"got {value!r}, expected {field.values}"
    return _range_problem(start, end) or _year_problem(field, start, end) or _step_problem(field, start, step)


def _range_problem(start: str | None, end: str | None) -> str:
    if end is None:
        return ""
    if start in (None, "*"):
        return f"a range to {end!r} without a start, expected two values"
    return "" if str(start).isdigit() == end.isdigit() else "mixes a name and a number, expected two of one kind"


def _year_problem(field: _Field, start: str | None, end: str | None) -> str:
    # The other fields wrap: FRI-MON is four days.
    backwards = end is not None and field.low == _OLDEST and int(end) < int(start or 0)
    return f"ends at {end} before it starts, expected the earlier year first" if backwards else ""


def _step_problem(field: _Field, start: str | None, step: str | None) -> str:
    if step is None:
        return "" if start else "is empty, expected a value"
    if start and start.isalpha():
        return "has a step after a name, which Quartz ignores, expected numbers"
    return "" if 1 <= int(step) <= field.high else f"got the step {step}, expected 1 to {field.high}"


def _special(field: _Field, part: str) -> str:
    if field is _DAY_OF_MONTH and ("W" in part or "L" in part):
        return ", or alone one of L, L-3, LW or 15W"
    return ", or alone one of L, 6L or 6#3" if field is _DAY_OF_WEEK and ("#" in part or "L" in part) else ""


def _days_problem(day_of_month: str, month: str, day_of_week: str) -> str:
    if (day_of_month == "?") == (day_of_week == "?"):
        kind = "both days are '?'" if day_of_month == "?" else "both days are set"
        return f"{kind}, expected '?' in exactly one of day of month and day of week"
    days = day_of_month.split(",")
    months = month.split(",")
    if all(day.isdigit() for day in days) and all(_number(_MONTH, one) for one in months):
        longest = max(_LONGEST_MONTHS[(_number(_MONTH, one) or 1) - 1] for one in months)
        never = f"there is no day {day_of_month} in month {month}: it would never run, expected a day that comes"
        return never if min(map(int, days)) > longest else ""
    return ""


def _number(field: _Field, text: str) -> int | None:
    """The number of a value of `field`; None where it is none."""
    if text in field.words:
        return field.words.index(text) + 1
    return int(text) if text.isdigit() and field.low <= int(text) <= field.high else None
