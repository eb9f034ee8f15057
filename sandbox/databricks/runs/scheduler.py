"""Starts scheduled runs when a clock is ticked; nothing is started by the passing of time alone."""
from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from sandbox.databricks.jobs import quartz
from sandbox.databricks.jobs.job import Job
from sandbox.databricks.runs.run_start import start_scheduled
from sandbox.databricks.state import WorkspaceState

_LAST = "last"
_OFFSET = re.compile(r"GMT([+-])(\d{1,2}):?(\d\d)?")


class Scheduler:
    """Call `tick` from time to time: each job whose schedule fired since the last tick gets one run.

    Jobs that are paused get none. Times that were missed between two ticks count once, also where the sandbox was down
    meanwhile: the time of the last tick is kept together with the runs it started.
    """

    def __init__(self, state: WorkspaceState) -> None:
        self._state = state
        self._ticks = state.memory.collection("scheduler tick", float)
        with state.lock:
            self._ticks.setdefault(_LAST, state.clock.now())

    def tick(self) -> list[int]:
        """The ids of the jobs that were started."""
        with self._state.lock:
            now = self._state.clock.now()
            due = [job for job in self._state.jobs.scheduled() if _is_due(job, self._ticks[_LAST], now)]
            self._ticks[_LAST] = now
            self._state.runs.settle_all()
            return [job.job_id for job in due if start_scheduled(self._state, job)]


def _is_due(job: Job, after: float, until: float) -> bool:
    schedule = job.settings["schedule"]
    zone = _zone(schedule["timezone_id"])
    # A job that was made after a time is not late for it.
    first = datetime.fromtimestamp(max(after, job.created), timezone.utc).astimezone(zone)
    last = datetime.fromtimestamp(until, timezone.utc).astimezone(zone)
    return _parsed(schedule["quartz_cron_expression"]).fires_between(first, last)


@lru_cache(4096)
def _parsed(expression: str) -> quartz.Quartz:
    return quartz.parse(expression)


def _zone(name: str) -> tzinfo:
    found = _OFFSET.fullmatch(name)
    if found is None:
        return ZoneInfo(name)
    offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return timezone(offset if found[1] == "+" else -offset)
