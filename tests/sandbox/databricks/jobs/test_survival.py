"""Jobs are there again when the workspace is started in the same folder."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.clock import FakeClock
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import NEW_CLUSTER, create_job, job
from tests.sandbox.databricks.jobs.lives import Lives

PIPELINE = "11111111-2222-3333-4444-555555555555"


@pytest.fixture
def lives(tmp_path: Path, clock: FakeClock) -> Lives:
    return Lives(tmp_path / "dev", clock)


def told(client: Client) -> list[Any]:
    """All that the workspace says about its jobs."""
    rows = client.get("2.2/jobs/list", expand_tasks="true").body["jobs"]
    whole = [client.get("2.2/jobs/get", job_id=str(row["job_id"])).body for row in rows]
    rights = [client.get(f"2.0/permissions/jobs/{row['job_id']}").body for row in rows]
    return [rows, whole, rights]


def test_jobs_are_told_as_before(lives: Lives) -> None:
    lives.workspace.add_service_principal(PIPELINE)
    create_job(lives.client, run_as={"service_principal_name": PIPELINE}, tags={"a": "b"})
    create_job(lives.client_of("anna@example.test"), access_control_list=[
        {"group_name": "users", "permission_level": "CAN_VIEW"}])
    lives.client.post("2.0/jobs/create", name="flat", new_cluster=NEW_CLUSTER, notebook_task={"notebook_path": "/x"})
    before = told(lives.client)
    assert told(lives.start()) == before
    assert lives.client.get("2.2/jobs/get", job_id=str(before[0][-1]["job_id"])).body["run_as_user_name"] == PIPELINE


def test_change_and_deletion_last(lives: Lives) -> None:
    changed, deleted = create_job(lives.client), create_job(lives.client)
    lives.client.post("2.2/jobs/reset", job_id=changed, new_settings=job(name="new"))
    lives.client.post("2.2/jobs/delete", job_id=deleted)
    again = lives.start()
    assert [row["job_id"] for row in again.get("2.2/jobs/list").body["jobs"]] == [changed]
    assert [len(again.get("2.2/jobs/list", name=name).body.get("jobs", ())) for name in ("new", "churn")] == [1, 0]


def test_id_of_a_deleted_job_never_comes_again(lives: Lives) -> None:
    deleted = create_job(lives.client)
    lives.client.post("2.2/jobs/delete", job_id=deleted)
    assert create_job(lives.start()) > deleted


def test_jobs_of_this_hour_still_count(lives: Lives, clock: FakeClock) -> None:
    lives.client.post("2.2/jobs/delete", job_id=create_job(lives.client))
    again = lives.start()
    lives.workspace.state.jobs.quota_per_hour = 1
    assert again.post("2.2/jobs/create", **job()).code == "INVALID_STATE"
    clock.advance(3600)
    assert again.post("2.2/jobs/create", **job()).status == 200


def test_token_of_a_page_leads_on(lives: Lives) -> None:
    ids = [create_job(lives.client) for _ in range(4)]
    token = lives.client.get("2.2/jobs/list", limit="2").body["next_page_token"]
    rows = lives.start().get("2.2/jobs/list", limit="2", page_token=token).body["jobs"]
    assert [row["job_id"] for row in rows] == [ids[1], ids[0]]
