"""What is wrong with the schedule of a job."""
from __future__ import annotations

import zoneinfo
from functools import cache

from steps.lib.findings import Finding, nearest
from steps.lib.jobs.job_config import JobConfig
from steps.lib.jobs.quartz import problem_with_cron
from steps.lib.wording import got

_TOP = ("schedule",)
# Files beside the zones on Linux; Java, which reads the name in the end, knows neither.
_NO_ZONES = frozenset({"Factory", "localtime"})


def schedule_findings(job: JobConfig) -> list[Finding]:
    schedule = job.view.get(_TOP)
    if not isinstance(schedule, dict):
        return []
    findings = []
    cron, zone = schedule.get("quartz_cron_expression"), schedule.get("timezone_id")
    problem = problem_with_cron(cron) if isinstance(cron, str) else ""
    if problem:
        findings.append(job.view.finding((*_TOP, "quartz_cron_expression"), f"{got(cron)} {problem}"))
    if isinstance(zone, str) and time_zones() and zone not in time_zones():
        problem = f"{got(zone)} is no time zone, expected a name such as 'Europe/Berlin'{nearest(zone, time_zones())}"
        findings.append(job.view.finding((*_TOP, "timezone_id"), problem))
    return findings


@cache
def time_zones() -> frozenset[str]:
    """The time zones this machine knows; empty where it has no list, and then none can be judged."""
    return frozenset(zoneinfo.available_timezones()) - _NO_ZONES
