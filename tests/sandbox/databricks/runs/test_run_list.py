"""Runs are listed: which of them, how many at once, and to whom."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.delays import Delays
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import create_job, task
from tests.sandbox.databricks.runs.driving import finish, start, start_new, submit


def ids(body: dict[str, Any]) -> list[int]:
    return [row["run_id"] for row in body.get("runs", ())]


def test_runs_are_listed_newest_first_and_by_job(admin: Client) -> None:
    job_id = create_job(admin, max_concurrent_runs=9)
    mine = [start(admin, job_id) for _ in range(3)]
    other = start_new(admin)
    assert ids(admin.get("2.2/jobs/runs/list").body) == [other, *mine[::-1]]
    assert ids(admin.get("2.2/jobs/runs/list", job_id=str(job_id)).body) == mine[::-1]


def test_runs_are_filtered(admin: Client, clock: FakeClock) -> None:
    done = start_new(admin)
    finish(admin, done)
    clock.advance(10)
    active = submit(admin)
    now = str(int(clock.now() * 1000))
    found = [ids(admin.get("2.2/jobs/runs/list", **{name: value}).body) for name, value in (
        ("active_only", "true"), ("completed_only", "true"), ("run_type", "SUBMIT_RUN"), ("start_time_from", now),
        ("start_time_to", "1700000000000"))]
    assert found == [[active], [done], [active], [active], [done]]


def test_active_and_completed_exclude_each_other(admin: Client) -> None:
    """E10: `active_only` and `completed_only` exclude each other."""
    assert admin.get("2.2/jobs/runs/list", active_only="true", completed_only="true").status == 400


@pytest.mark.parametrize(("limit", "status", "rows"), [
    ("25", 200, 25), ("26", 200, 25), ("0", 200, 25), ("27", 400, 0), ("-1", 400, 0), ("3", 200, 3), (None, 200, 20)])
def test_limit_of_runs(admin: Client, limit: str | None, status: int, rows: int) -> None:
    """E10: 27 is refused with the service's words, 0 means the most, and 20 is what one gets."""
    job_id = create_job(admin, max_concurrent_runs=0)
    for _ in range(30):
        start(admin, job_id)
    reply = admin.get("2.2/jobs/runs/list", **({"limit": limit} if limit else {}))
    assert (reply.status, len(reply.body.get("runs", []))) == (status, rows)
    assert status == 200 or limit == "-1" or reply.message == (
        "Invalid limit 27 - it has to be no more than 26.")


def test_tokens_lead_through_all_runs(admin: Client) -> None:
    job_id = create_job(admin, max_concurrent_runs=0)
    runs = [start(admin, job_id) for _ in range(5)][::-1]
    seen: list[int] = []
    token = ""
    while len(seen) < 5:
        body = admin.get("2.2/jobs/runs/list", limit="2", page_token=token).body
        seen += ids(body)
        token = body["next_page_token"]
    assert (seen, token, body["has_more"]) == (runs, "", False)
    back = admin.get("2.2/jobs/runs/list", limit="2", page_token=body["prev_page_token"]).body
    assert ids(back) == runs[2:4]


def test_admin_is_told_of_everyones_runs(admin: Client, owner: Client, stranger: Client) -> None:
    run_id = start_new(owner)
    assert [ids(client.get("2.2/jobs/runs/list").body) for client in (admin, owner)] == [[run_id], [run_id]]
    assert stranger.get("2.2/jobs/runs/list").body == {"has_more": False}


@pytest.mark.parametrize(("only", "told"), [("active_only", False), ("completed_only", True)])
def test_list_tells_of_runs_as_they_are_by_now(
        workspace: Workspace, admin: Client, clock: FakeClock, only: str, told: bool) -> None:
    workspace.set_delays(Delays(run_start=1, run_task=1, terminate=1, cluster_start=1))
    run_id = start_new(admin)
    clock.advance(1000)
    assert ids(admin.get("2.2/jobs/runs/list", **{only: "true"}).body) == ([run_id] if told else [])


def test_offset_of_runs_is_limited(admin: Client) -> None:
    assert [admin.get("2.2/jobs/runs/list", offset=offset).status for offset in ("10000", "10001")] == [200, 400]


@pytest.mark.parametrize(("expand", "shown"), [("false", False), ("true", True)])
def test_tasks_of_listed_runs_are_told_when_asked_for(admin: Client, expand: str, shown: bool) -> None:
    start_new(admin)
    assert ("tasks" in admin.get("2.2/jobs/runs/list", expand_tasks=expand).body["runs"][0]) == shown


def test_list_shows_a_hundred_task_runs_and_says_that_there_are_more(admin: Client) -> None:
    start_new(admin, tasks=[task(f"t{number}") for number in range(101)])
    row = admin.get("2.2/jobs/runs/list", expand_tasks="true").body["runs"][0]
    assert (len(row["tasks"]), row["has_more"]) == (100, True)
    assert "has_more" not in admin.get("2.2/jobs/runs/list").body["runs"][0]
    assert len(admin.get("2.1/jobs/runs/list", expand_tasks="true").body["runs"][0]["tasks"]) == 101


@pytest.mark.parametrize("token", ["x", "9" * 5000, "²"], ids=["word", "long", "superscript"])
def test_foreign_token_is_refused(admin: Client, token: str) -> None:
    assert "page_token" in admin.get("2.2/jobs/runs/get", run_id=str(start_new(admin)), page_token=token).message
