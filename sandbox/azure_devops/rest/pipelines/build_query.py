"""Which builds a list asks for, in which order, and from where on."""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from fnmatch import fnmatchcase

from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.rest.call import Call, timestamp
from sandbox.azure_devops.rest.errors import RestError, bad_request
from sandbox.azure_devops.rest.pipelines.build_view import result_of
from sandbox.azure_devops.runs.run_history import RunRecord

_TIMES: dict[str, Callable[[RunRecord], float | None]] = {
    "queue": lambda run: run.queued, "start": lambda run: run.started, "finish": lambda run: run.finished}
_TOP = 1000
_ALL = "all"


@dataclass(frozen=True)
class Order:
    """By which time, and whether the newest comes first."""

    time: Callable[[RunRecord], float | None]
    descending: bool

    @classmethod
    def of(cls, text: str) -> Order:
        folded = text.casefold()
        kind = next((one for one in _TIMES if folded.startswith(one)), "queue")
        return cls(_TIMES[kind], not folded.endswith("ascending"))

    def key(self, run: RunRecord) -> tuple[float, int]:
        """What has no such time yet counts as the latest."""
        seconds = self.time(run)
        return (float("inf") if seconds is None else seconds), run.id


def listed(call: Call, project: Project, runs: Iterable[RunRecord]) -> tuple[list[RunRecord], str]:
    """One page of the runs that fit, and the token of the next one; '' on the last.

    The token is the time of the first run of the next page; where that is also the time of the run before, with the
    number of the run.
    """
    order = Order.of(call.query("queryOrder") or "queueTimeDescending")
    low, high = _seconds(call, "minTime"), _seconds(call, "maxTime")
    found = [run for run in runs if _fits(call, project, run) and _within(order, run, low, high)]
    found.sort(key=order.key, reverse=order.descending)
    found = list(_capped(found, call.number("maxBuildsPerDefinition", 0)))
    if token := call.query("continuationToken"):
        found = found[_start(order, found, token):]
    top = call.number("$top", _TOP) or _TOP
    return found[:top], _token(order, found[top - 1], found[top]) if len(found) > top else ""


def _fits(call: Call, project: Project, run: RunRecord) -> bool:
    record = project.repositories.record(run.repository)
    number, person, repository = (call.query(one) for one in ("buildNumber", "requestedFor", "repositoryId"))
    return all((
        _one_of(call.query("definitions"), str(run.definition)), _one_of(call.query("buildIds"), str(run.id)),
        _one_of(call.query("statusFilter"), run.state), _one_of(call.query("resultFilter"), result_of(run)),
        _one_of(call.query("reasonFilter"), run.reason),
        not call.query("branchName") or run.ref == call.query("branchName"),
        not number or fnmatchcase(run.number.casefold(), number.casefold()),
        not person or person.casefold() in (run.requested_for.email.casefold(), run.requested_for.name.casefold()),
        not repository or (record is not None and record.id == repository.lower()),
        # No run of this organisation has tags or properties.
        not call.query("tagFilters"), not call.query("properties"),
    ))


def _one_of(asked: str | None, value: str) -> bool:
    wanted = {one.strip().casefold() for one in (asked or "").split(",") if one.strip()}
    return not wanted or _ALL in wanted or value.casefold() in wanted


def _within(order: Order, run: RunRecord, low: float | None, high: float | None) -> bool:
    seconds = order.time(run)
    if low is None and high is None:
        return True
    return seconds is not None and (low is None or seconds >= low) and (high is None or seconds <= high)


def _capped(runs: Iterable[RunRecord], most: int) -> Iterator[RunRecord]:
    seen: Counter[int] = Counter()
    for run in runs:
        seen[run.definition] += 1
        if not most or seen[run.definition] <= most:
            yield run


def _token(order: Order, before: RunRecord, first: RunRecord) -> str:
    seconds = order.time(first)
    text = timestamp(seconds) if seconds is not None else "9999-12-31T23:59:59.9999999Z"
    return f"{text},{first.id}" if order.time(before) == seconds else text


def _start(order: Order, found: list[RunRecord], token: str) -> int:
    text, _, number = token.partition(",")
    limit = _parsed(text)
    for index, run in enumerate(found):
        seconds = order.key(run)[0]
        reached = seconds <= limit if order.descending else seconds >= limit
        if reached and (not number or str(run.id) == number):
            return index
    return len(found)


def _seconds(call: Call, name: str) -> float | None:
    text = call.query(name)
    return _parsed(text) if text else None


def _parsed(text: str) -> float:
    if text.startswith("9999-"):
        return float("inf")
    try:
        # Seven digits after the second are one more than a time has here.
        plain, _, fraction = text.strip().removesuffix("Z").partition(".")
        time = datetime.fromisoformat(f"{plain}.{fraction[:6]:0<6}").replace(tzinfo=timezone.utc)
    except ValueError as error:
        raise _no_time(text) from error
    return time.timestamp()


def _no_time(text: str) -> RestError:
    return bad_request(f"The value is not a time: {text}.", "InvalidArgumentValueException")
