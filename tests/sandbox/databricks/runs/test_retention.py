"""Runs are forgotten 60 days after they ended."""
from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.delays import Delays
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import create_job
from tests.sandbox.databricks.jobs.lives import Lives
from tests.sandbox.databricks.runs.driving import finish, look, start, start_new, submit

DAY = 24 * 3600.0


def _is_gone(client: Client, run_id: int) -> bool:
    reply = client.get("2.2/jobs/runs/get", run_id=str(run_id))
    gone = f"Run {run_id} does not exist."
    assert reply.status == 200 or (reply.status, reply.code, reply.message) == (400, "INVALID_PARAMETER_VALUE", gone)
    return reply.status == 400


def test_run_is_there_for_sixty_days_after_its_end(workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    workspace.set_delays(Delays(run_task=5 * DAY))
    run_id = start_new(admin)
    clock.advance(5 * DAY)
    task_run = finish(admin, run_id)["tasks"][0]["run_id"]
    clock.advance(60 * DAY - 1)
    assert not _is_gone(admin, run_id)
    clock.advance(1)
    assert _is_gone(admin, run_id)
    assert _is_gone(admin, task_run)


def test_list_tells_only_of_runs_that_are_not_forgotten(admin: Client, clock: FakeClock) -> None:
    job_id = create_job(admin)
    finish(admin, start(admin, job_id))
    clock.advance(30 * DAY)
    later = start(admin, job_id)
    finish(admin, later)
    clock.advance(30 * DAY)
    assert [row["run_id"] for row in admin.get("2.2/jobs/runs/list").body["runs"]] == [later]
    clock.advance(30 * DAY)
    assert admin.get("2.2/jobs/runs/list", job_id=str(job_id)).body == {"has_more": False}


def test_active_run_is_not_forgotten(workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    workspace.set_delays(Delays(run_task=100 * DAY))
    run_id = start_new(admin)
    for _ in range(3):
        look(admin, run_id)
    clock.advance(70 * DAY)
    assert look(admin, run_id)["state"]["life_cycle_state"] == "RUNNING"


def test_run_that_ended_unseen_long_ago_is_not_there(workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    workspace.set_delays(Delays(run_task=DAY, run_start=1, terminate=1, cluster_start=1))
    run_id = start_new(admin)
    clock.advance(62 * DAY)
    assert _is_gone(admin, run_id)


def test_repaired_run_is_kept_from_its_new_end(admin: Client, clock: FakeClock) -> None:
    run_id = start_new(admin)
    finish(admin, run_id)
    clock.advance(59 * DAY)
    admin.post("2.2/jobs/runs/repair", run_id=run_id, rerun_tasks=["train"])
    finish(admin, run_id)
    clock.advance(59 * DAY)
    assert not _is_gone(admin, run_id)
    clock.advance(DAY)
    assert _is_gone(admin, run_id)


def test_run_whose_repair_goes_on_is_kept(workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    run_id = start_new(admin)
    finish(admin, run_id)
    workspace.set_delays(Delays(run_start=100 * DAY))
    admin.post("2.2/jobs/runs/repair", run_id=run_id, rerun_tasks=["train"])
    clock.advance(60 * DAY)
    assert not _is_gone(admin, run_id)


@pytest.mark.parametrize("path", ["jobs/run-now", "jobs/runs/submit"])
def test_token_of_a_forgotten_run_is_that_of_a_deleted_one(admin: Client, clock: FakeClock, path: str) -> None:
    job_id = create_job(admin)
    run_id = submit(admin, idempotency_token="t") if "submit" in path else start(admin, job_id, idempotency_token="t")
    finish(admin, run_id)
    clock.advance(60 * DAY)
    assert admin.post(f"2.2/{path}", job_id=job_id, idempotency_token="t").code == "RESOURCE_DOES_NOT_EXIST"


def test_rights_on_a_forgotten_one_time_run_are_forgotten(admin: Client, clock: FakeClock) -> None:
    run_id = submit(admin)
    hidden_job = finish(admin, run_id)["job_id"]
    assert admin.get(f"2.0/permissions/jobs/{hidden_job}").status == 200
    clock.advance(60 * DAY)
    admin.get("2.2/jobs/runs/list")
    assert admin.get(f"2.0/permissions/jobs/{hidden_job}").status != 200


def test_restart_does_not_make_a_run_younger(tmp_path: Path, clock: FakeClock) -> None:
    lives = Lives(tmp_path / "dev", clock)
    run_id = start_new(lives.client)
    finish(lives.client, run_id)
    clock.advance(60 * DAY - 1)
    assert not _is_gone(lives.start(), run_id)
    clock.advance(1)
    assert _is_gone(lives.client, run_id)
    assert _is_gone(lives.start(), run_id)
