"""When a pipeline runs by the clock: `schedules:` of the YAML in a branch. Times are UTC.

https://learn.microsoft.com/azure/devops/pipelines/process/scheduled-triggers
"""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sandbox.pipelines.triggers import branch_passes

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FIELDS: Sequence[tuple[str, int, int, Sequence[str]]] = (
    ("minute", 0, 59, ()), ("hour", 0, 23, ()), ("day of the month", 1, 31, ()), ("month", 1, 12, _MONTHS),
    ("day of the week", 0, 6, _DAYS),
)
_PART = re.compile(r"(\*|\w+)(?:-(\w+))?(?:/(\d+))?")
_FARTHEST = timedelta(days=5 * 366)


@dataclass(frozen=True)
class Cron:
    """Five sets of numbers: minutes, hours, days of the month, months, days of the week from Sunday."""

    fields: tuple[frozenset[int], ...]

    def matches(self, moment: datetime) -> bool:
        weekday = (moment.weekday() + 1) % len(_DAYS)
        parts = (moment.minute, moment.hour, moment.day, moment.month, weekday)
        return all(part in field for part, field in zip(parts, self.fields, strict=True))

    def next_after(self, moment: datetime) -> datetime | None:
        """The first full minute after `moment` that matches; None where there is none within five years."""
        time = moment.astimezone(timezone.utc).replace(second=0, microsecond=0) + timedelta(minutes=1)
        end = time + _FARTHEST
        while time < end:
            if self.matches(time):
                return time
            whole_day = time.replace(hour=0, minute=0) + timedelta(days=1)
            time = time + timedelta(minutes=1) if self._is_day(time) else whole_day
        return None

    def _is_day(self, moment: datetime) -> bool:
        hour, minute = min(self.fields[1]), min(self.fields[0])
        return self.matches(moment.replace(hour=hour, minute=minute))


def parse_cron(text: str) -> Cron:
    """`minute hour day month weekday`; ValueError says which field cannot be read."""
    parts = text.split()
    if len(parts) != len(_FIELDS):
        message = f"cron {text!r}: got {len(parts)} fields, expected {len(_FIELDS)}"
        raise ValueError(message)
    fields = tuple(_field(part, *field) for part, field in zip(parts, _FIELDS, strict=True))
    if parts[2] != "*" and parts[4] != "*":
        message = f"cron {text!r}: a day of the month together with a day of the week is not modelled by this engine"
        raise ValueError(message)
    return Cron(fields)


def _field(text: str, what: str, least: int, most: int, names: Sequence[str]) -> frozenset[int]:
    values: set[int] = set()
    for part in text.split(","):
        found = _PART.fullmatch(part)
        if not found:
            message = f"cron: {what}: got {part!r}, expected a number, a name, a range or a step"
            raise ValueError(message)
        first, last, step = found.groups()
        low = least if first == "*" else _number(first, what, least, names)
        high = most if first == "*" or (step and not last) else _number(last or first, what, least, names)
        if not least <= low <= high <= most or step == "0":
            message = f"cron: {what}: got {part!r}, expected numbers from {least} to {most}"
            raise ValueError(message)
        values.update(range(low, high + 1, int(step or 1)))
    return frozenset(values)


def _number(text: str, what: str, least: int, names: Sequence[str]) -> int:
    if text.isdigit():
        return int(text)
    if text[:3].lower() in names:
        return names.index(text[:3].lower()) + least
    message = f"cron: {what}: got {text!r}, expected a number or one of {', '.join(names) or 'none'}"
    raise ValueError(message)


@dataclass(frozen=True)
class Schedule:
    cron: Cron
    display_name: str
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    always: bool = False
    batch: bool = False

    def applies_to(self, ref: str) -> bool:
        """Whether it holds for the branch whose own YAML has it: that YAML has to list the branch."""
        return branch_passes(ref, self.include, self.exclude)

    def is_due(self, *, changed: bool, running: bool) -> bool:
        """Whether its time starts a run, given changes since the last good scheduled run and one that still runs."""
        return self.always or (changed and not (self.batch and running))


def read_schedules(data: object) -> list[Schedule]:
    """The `schedules:` of a final document as plain data; ValueError where one cannot be read."""
    items = data if isinstance(data, list) else []
    return [_schedule(item) for item in items if isinstance(item, Mapping)]


def _schedule(item: Mapping[str, object]) -> Schedule:
    branches = item.get("branches")
    chosen = branches if isinstance(branches, Mapping) else {"include": branches or []}
    flags = {name: str(item.get(name, "false")).lower() == "true" for name in ("always", "batch")}
    include, exclude = (_names(chosen.get(key)) for key in ("include", "exclude"))
    return Schedule(parse_cron(str(item.get("cron", ""))), str(item.get("displayName", "")), include, exclude, **flags)


def _names(value: object) -> tuple[str, ...]:
    return tuple(str(name) for name in value) if isinstance(value, list) else ()
