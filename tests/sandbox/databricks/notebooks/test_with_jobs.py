"""From a git repository to the result of a job's run, by the unmodified databricks-sdk alone."""
from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import OperationFailed
from databricks.sdk.service.jobs import NotebookTask, Task
from databricks.sdk.service.workspace import ImportFormat

from sandbox.clock import SystemClock
from sandbox.databricks.notebooks.runner import LocalRunner
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from sandbox.http.server import Server

PRODUCT = Path(__file__).parents[4] / "files_for_remote_repo"


@pytest.fixture
def sdk() -> Iterator[WorkspaceClient]:
    workspace = Workspace("dev", tenant=Tenant(), clock=SystemClock(), strict=True)
    workspace.state.runner = LocalRunner(workspace.state)
    workspace.state.serverless = True
    with Server(workspace.application) as server:
        sdk = WorkspaceClient(host=server.url, token=workspace.token, auth_type="pat")
        sdk.workspace.mkdirs("/Shared/churn/notebooks")
        for name in ("environment_config.json", "notebooks/summarise_numbers.py"):
            sdk.workspace.upload(f"/Shared/churn/{name}", (PRODUCT / name).read_bytes(), format=ImportFormat.AUTO)
        yield sdk


def job_of(sdk: WorkspaceClient, path: str) -> int:
    job = sdk.jobs.create(name="ours", tasks=[Task("only", notebook_task=NotebookTask(path))])
    return job.job_id or 0


def test_a_job_runs_the_product_s_notebook(sdk: WorkspaceClient) -> None:
    job = job_of(sdk, "/Shared/churn/notebooks/summarise_numbers")
    run = sdk.jobs.run_now(job, notebook_params={"environment": "prod"}).result()
    output = sdk.jobs.get_run_output((run.tasks or [])[0].run_id or 0)
    assert output.notebook_output is not None
    assert json.loads(output.notebook_output.result or "") == {"environment": "prod", "count": 4, "mean": 7.25}


def test_a_failing_notebook_fails_its_run_with_its_own_error(sdk: WorkspaceClient) -> None:
    sdk.workspace.upload("/Shared/bad.py", b"# Databricks notebook source\n1 / 0\n", format=ImportFormat.AUTO)
    waiter = sdk.jobs.run_now(job_of(sdk, "/Shared/bad"))
    with pytest.raises(OperationFailed):
        waiter.result()
    task = (sdk.jobs.get_run(waiter.run_id).tasks or [])[0]
    output = sdk.jobs.get_run_output(task.run_id or 0)
    assert output.error == "ZeroDivisionError: division by zero"
    assert '"/Shared/bad.py", line 2' in (output.error_trace or "")
