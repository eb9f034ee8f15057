from __future__ import annotations

from typing import Any

import pytest

from steps.lib.jobs.schedule_rules import schedule_findings
from tests.steps.lib.jobs.job_files import job

CRON = "0 0 5 * * ?"


def problems(schedule: Any) -> list[str]:
    return [f"{one.path}: {one.problem}" for one in schedule_findings(job(schedule=schedule))]


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5"])
def test_a_time_zone_is_taken(zone: str) -> None:
    assert problems({"quartz_cron_expression": CRON, "timezone_id": zone}) == []


@pytest.mark.parametrize(("zone", "words"), [
    ("Europe/Berln", "; did you mean 'Europe/Berlin'?"), ("europe/berlin", "did you mean 'Europe/Berlin'?"),
    ("CET+1", "'CET+1' is no time zone, expected a name such as 'Europe/Berlin'"), ("Europe", "'Europe' is no"),
    ("../../etc/passwd", "'../../etc/passwd' is no"), ("localtime", "'localtime' is no"), ("", "'' is no"),
])
def test_an_unknown_time_zone_is_told(zone: str, words: str) -> None:
    [problem] = problems({"quartz_cron_expression": CRON, "timezone_id": zone})
    assert problem.startswith("jobs[0].schedule.timezone_id: ")
    assert words in problem


def test_a_cron_that_quartz_refuses_is_told() -> None:
    [problem] = problems({"quartz_cron_expression": "0 0 5 * * *", "timezone_id": "UTC"})
    assert problem == ("jobs[0].schedule.quartz_cron_expression: '0 0 5 * * *' both days are set, expected '?' in "
                       "exactly one of day of month and day of week")


def test_both_mistakes_are_told() -> None:
    assert len(problems({"quartz_cron_expression": "daily", "timezone_id": "Berlin"})) == 2


@pytest.mark.parametrize("schedule", [None, {}, [], "daily", {"quartz_cron_expression": 5, "timezone_id": []}])
def test_what_the_schema_refuses_is_left_to_it(schedule: Any) -> None:
    assert problems(schedule) == []
