from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.databricks.jobs.seeds import add_foreign_jobs
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from sandbox.http.server import Server
from steps.lib.databricks.client import Databricks, Target
from steps.lib.http.bearer import Bearer
from steps.lib.http.session import open_session
from steps.lib.jobs.deployed.found_job import FoundJob
from steps.lib.jobs.deployed.job_search import find_by_name, look_up, read_whole

TASK: dict[str, Any] = {"notebook_task": {"notebook_path": "/x"}, "existing_cluster_id": "c"}
OURS = {"managed_by": "brickline"}


@pytest.fixture
def workspace() -> Workspace:
    return Workspace("dev", tenant=Tenant(), strict=True)


@pytest.fixture
def databricks(workspace: Workspace) -> Iterator[Databricks]:
    with Server(workspace.application) as server, open_session(server.url, {}) as session:
        session.auth = Bearer(workspace.token)
        yield Databricks(Target(server.url, "f"), session)


def asked(workspace: Workspace) -> int:
    return len(workspace.log.entries())


def test_few_jobs_are_looked_at_in_one_request(workspace: Workspace, databricks: Databricks) -> None:
    add_foreign_jobs(workspace.state, 100)
    listed = look_up(databricks, [f"team-{number}" for number in range(100)])
    assert (len(listed.jobs), listed.is_complete, asked(workspace)) == (100, True, 1)
    assert all(job.settings["tasks"] for job in listed.jobs)


def test_among_many_each_name_is_one_request_and_the_walk_is_bounded(
        workspace: Workspace, databricks: Databricks) -> None:
    add_foreign_jobs(workspace.state, 2_000)
    listed = look_up(databricks, ["team-3", "TEAM-4", "absent"])
    assert (asked(workspace), listed.is_complete) == (5 + 3, False)
    assert [(job.name, job.needs_reading) for job in listed.jobs] == [("team-3", False), ("team-4", False)]


def test_what_is_not_ours_is_not_kept(workspace: Workspace, databricks: Databricks) -> None:
    add_foreign_jobs(workspace.state, 450)
    add_foreign_jobs(workspace.state, 1, name="renamed", tags=OURS)
    add_foreign_jobs(workspace.state, 150, name="more-{number}")
    assert [job.name for job in look_up(databricks, ["Team-7"]).jobs] == ["team-7", "renamed"]


def test_to_the_end_nothing_is_left_out(workspace: Workspace, databricks: Databricks) -> None:
    add_foreign_jobs(workspace.state, 1_250, tags=OURS)
    listed = look_up(databricks, [], to_the_end=True)
    assert (len(listed.jobs), listed.is_complete) == (1_250, True)


def test_rows_of_the_walk_are_read_again_before_they_are_compared(
        workspace: Workspace, databricks: Databricks) -> None:
    add_foreign_jobs(workspace.state, 150, tags=OURS)
    oldest = look_up(databricks, []).jobs[-1]
    assert oldest.needs_reading
    assert read_whole(databricks, oldest).settings["tasks"][0]["task_key"] == "run"


def test_job_of_many_tasks_is_read_over_all_pages(workspace: Workspace, databricks: Databricks) -> None:
    rows = [{**TASK, "task_key": f"t{number}"} for number in range(250)]
    (job_id,) = add_foreign_jobs(workspace.state, 1, name="big", tasks=rows)
    (row,) = find_by_name(databricks, "big")
    assert (row.job_id, row.needs_reading, len(row.settings["tasks"])) == (job_id, True, 100)
    assert len(read_whole(databricks, row).settings["tasks"]) == 250


@pytest.mark.parametrize(("row", "needed"), [
    ({"run_as_user_name": "x"}, False), ({"settings": {"run_as": {"user_name": "x"}}}, False), ({}, True),
    ({"run_as_user_name": "x", "has_more": True}, True),
], ids=["row", "settings", "unknown", "more"])
def test_row_that_tells_too_little_needs_reading(row: dict[str, Any], needed: bool) -> None:
    assert FoundJob({"job_id": 1, **row}).needs_reading == needed
