"""The unmodified databricks-sdk reads what the step made: it parses, and tells no difference to what was wanted."""
from __future__ import annotations

import json
from typing import Any

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.service import jobs as sdk_jobs

from steps.create_or_edit_jobs import step
from steps.lib.jobs.deployed.found_job import FoundJob
from steps.lib.jobs.deployed.job_difference import differences
from tests.steps.bench import Bench
from tests.steps.jobs_bench import JobsBench, entry

FLOW = {**entry(), "notebook": None, "name": "flow", "parameters": {"b": "", "a": "1"}, "max_retries": 1, "tasks": [
    {"task_key": "z", "notebook": "notebooks/a.py", "parameters": {"k": "v"}, "timeout_seconds": 5},
    {"task_key": "b", "python_file": "b.py", "parameters": ["-b", "-a"], "run_if": "ALL_DONE"},
    {"task_key": "c", "wheel": {"package_name": "p", "entry_point": "e", "file": "d/p.whl"}, "parameters": {"k": "v"},
     "depends_on": [{"task_key": "z"}, {"task_key": "b"}]}]}
PLAIN = entry(schedule={"quartz_cron_expression": "0 0 5 ? * MON", "timezone_id": "Europe/Berlin"},
              email_notifications={"on_failure": ["b@example.com", "a@example.com"]})


@pytest.fixture
def jobs(bench: Bench) -> JobsBench:
    jobs = JobsBench.of(bench)
    jobs.want(PLAIN, FLOW)
    assert bench.run(step) == 0
    return jobs


@pytest.fixture
def sdk(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> WorkspaceClient:
    for name in ("DATABRICKS_HOST", "DATABRICKS_TOKEN", "DATABRICKS_CONFIG_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    return WorkspaceClient(host=bench.server.url, token=bench.workspace.token, auth_type="pat")


def wanted(jobs: JobsBench, name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((jobs.bench.generated / f"jobs/{name}.json").read_text("utf-8"))
    return body


def test_job_read_by_the_sdk_is_the_one_that_was_wanted(jobs: JobsBench, sdk: WorkspaceClient) -> None:
    for row in jobs.deployed():
        read = sdk.jobs.get(row["job_id"])
        assert differences(wanted(jobs, row["name"]), FoundJob(read.as_dict())) == []


def test_row_listed_by_the_sdk_is_the_one_that_was_wanted(jobs: JobsBench, sdk: WorkspaceClient) -> None:
    listed = list(sdk.jobs.list(name="dev-churn-flow", expand_tasks=True))
    # The SDK's row knows no run_as: our own search reads such a job once more.
    body = {key: value for key, value in wanted(jobs, "dev-churn-flow").items() if key != "run_as"}
    assert [differences(body, FoundJob(row.as_dict())) for row in listed] == [[]]
    assert FoundJob(listed[0].as_dict()).needs_reading


def test_job_made_by_the_sdk_from_the_same_body_is_taken_as_it_is(jobs: JobsBench, sdk: WorkspaceClient) -> None:
    for job in jobs.all():
        sdk.jobs.delete(job.job_id)
    for name in ("dev-churn-train", "dev-churn-flow"):
        settings = sdk_jobs.JobSettings.from_dict(wanted(jobs, name))
        owner = sdk_jobs.JobAccessControlRequest(service_principal_name=jobs.bench.principal.client_id,
                                                 permission_level=sdk_jobs.JobPermissionLevel.IS_OWNER)
        sdk.jobs.create(access_control_list=[owner], **settings.as_shallow_dict())
    jobs.bench.workspace.log.clear()
    assert jobs.bench.run(step) == 0
    assert jobs.bench.writes() == []


def test_job_reset_by_the_sdk_to_itself_is_unchanged(jobs: JobsBench, sdk: WorkspaceClient) -> None:
    for job in jobs.all():
        settings = sdk.jobs.get(job.job_id).settings
        assert settings is not None
        sdk.jobs.reset(job.job_id, settings)
    jobs.bench.workspace.log.clear()
    assert jobs.bench.run(step) == 0
    assert jobs.bench.writes() == []
