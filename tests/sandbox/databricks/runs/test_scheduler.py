"""Scheduled runs start when the scheduler is ticked, and only when they are due."""
from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.delays import Delays
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import create_job
from tests.sandbox.databricks.runs.driving import finish, look

HOUR = 3600.0


def schedule(zone: str = "UTC", **changes: str) -> dict[str, str]:
    return {"quartz_cron_expression": "0 0 6 * * ?", "timezone_id": zone, **changes}


def go_to(clock: FakeClock, hour: float, zone: str = "UTC") -> None:
    """The next day at `hour` there."""
    now = datetime.fromtimestamp(clock.now(), ZoneInfo(zone))
    then = now.replace(hour=int(hour), minute=int(hour % 1 * 60), second=0)
    clock.advance(then.timestamp() - now.timestamp() + 24 * HOUR)


def test_nothing_starts_by_itself(admin: Client, clock: FakeClock) -> None:
    create_job(admin, schedule=schedule())
    clock.advance(72 * HOUR)
    assert admin.get("2.2/jobs/runs/list").body == {"has_more": False}


@pytest.mark.parametrize(("zone", "hour"), [
    ("UTC", 6), ("America/New_York", 6), ("GMT+02:00", 4), ("GMT-01:30", 7.5), ("GMT+2", 4)])
def test_due_job_starts_once(workspace: Workspace, admin: Client, clock: FakeClock, zone: str, hour: float) -> None:
    job_id = create_job(admin, schedule=schedule(zone))
    go_to(clock, hour, zone if "/" in zone else "UTC")
    clock.advance(-1)
    workspace.scheduler.tick()
    clock.advance(1)
    assert [workspace.scheduler.tick() for _ in range(2)] == [[job_id], []]
    run = admin.get("2.2/jobs/runs/list").body["runs"][0]
    assert (run["trigger"], look(admin, run["run_id"])["schedule"]["timezone_id"]) == ("PERIODIC", zone)


def test_scheduled_run_has_the_parameters_of_its_job(workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    create_job(admin, schedule=schedule(), parameters=[{"name": "day", "default": "monday"}])
    clock.advance(24 * HOUR)
    workspace.scheduler.tick()
    run = admin.get("2.2/jobs/runs/list").body["runs"][0]
    assert run["job_parameters"] == [{"name": "day", "default": "monday", "value": "monday"}]


def test_scheduled_run_is_told_though_its_job_has_no_schedule_any_more(
        workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    job_id = create_job(admin, schedule=schedule())
    clock.advance(24 * HOUR)
    workspace.scheduler.tick()
    run_id = admin.get("2.2/jobs/runs/list").body["runs"][0]["run_id"]
    finish(admin, run_id)
    admin.post("2.2/jobs/update", job_id=job_id, fields_to_remove=["schedule"])
    admin.post("2.2/jobs/runs/repair", run_id=run_id, rerun_tasks=["train"])
    assert "schedule" not in finish(admin, run_id)


def test_missed_times_count_once(workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    job_id = create_job(admin, schedule=schedule())
    clock.advance(240 * HOUR)
    assert [workspace.scheduler.tick() for _ in range(2)] == [[job_id], []]


def test_run_that_ended_unseen_does_not_stand_in_the_way(
        workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    workspace.set_delays(Delays(*[1.0] * 9))
    create_job(admin, schedule=schedule(), queue={"enabled": False})
    for _ in range(2):
        clock.advance(24 * HOUR)
        workspace.scheduler.tick()
    states = [run["state"]["life_cycle_state"] for run in admin.get("2.2/jobs/runs/list").body["runs"]]
    assert states == ["PENDING", "TERMINATED"]


def test_paused_job_does_not_start(workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    create_job(admin, schedule=schedule(pause_status="PAUSED"))
    clock.advance(24 * HOUR)
    assert workspace.scheduler.tick() == []


def test_job_without_tasks_does_not_start(workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    create_job(admin, schedule=schedule(), tasks=[])
    clock.advance(24 * HOUR)
    assert workspace.scheduler.tick() == []


def test_job_of_one_who_is_gone_does_not_start(
        workspace: Workspace, admin: Client, owner: Client, clock: FakeClock) -> None:
    create_job(owner, schedule=schedule())
    owner_id = owner.get("2.0/preview/scim/v2/Me").body["id"]
    assert admin.ask("DELETE", f"2.0/preview/scim/v2/Users/{owner_id}").status in {200, 204}
    clock.advance(24 * HOUR)
    assert workspace.scheduler.tick() == []


def test_job_is_not_late_for_what_was_before_it(workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    go_to(clock, 7)
    create_job(admin, schedule=schedule())
    assert workspace.scheduler.tick() == []
