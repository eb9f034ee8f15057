"""databricks-sdk makes, changes and runs jobs, and waits for their runs."""
from __future__ import annotations

import base64
from datetime import timedelta

from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import OperationFailed, ResourceDoesNotExist
from databricks.sdk.service import compute, jobs, workspace

NOTEBOOK = "/Shared/train"
SOURCE = """# Databricks notebook source
dbutils.widgets.text("who", "nobody")
dbutils.notebook.exit("trained for " + dbutils.widgets.get("who"))
"""
SPEC = compute.ClusterSpec(spark_version="16.4.x-scala2.12", node_type_id="Standard_DS3_v2", num_workers=1)
SOON = timedelta(minutes=2)


def task(key: str, *after: str) -> jobs.Task:
    return jobs.Task(task_key=key, new_cluster=SPEC, notebook_task=jobs.NotebookTask(NOTEBOOK),
                     depends_on=[jobs.TaskDependency(other) for other in after])


def define(client: WorkspaceClient) -> int:
    client.workspace.import_(NOTEBOOK, content=base64.b64encode(SOURCE.encode()).decode(), overwrite=True,
                             language=workspace.Language.PYTHON, format=workspace.ImportFormat.SOURCE)
    made = client.jobs.create(name="judged", tasks=[task("train"), task("score", "train")], max_concurrent_runs=2,
                              tags={"team": "science"}, timeout_seconds=600)
    job_id = made.job_id or 0
    assert job_id > 2**53, job_id
    settings = client.jobs.get(job_id).settings
    assert settings is not None
    assert [one.task_key for one in settings.tasks or []] == ["train", "score"]
    assert [job.job_id for job in client.jobs.list(name="Judged")] == [job_id]
    assert next(iter(client.jobs.list(name="judged", expand_tasks=True))).settings is not None
    print("created", job_id)
    return job_id


def change(client: WorkspaceClient, job_id: int) -> None:
    client.jobs.reset(job_id, jobs.JobSettings(name="judged", tasks=[task("train")]))
    settings = client.jobs.get(job_id).settings
    assert settings is not None
    assert (settings.tags, settings.timeout_seconds, len(settings.tasks or [])) == (None, 0, 1), settings
    print("reset: what was not sent is gone")
    client.jobs.update(job_id, new_settings=jobs.JobSettings(tags={"team": "judges"}, description="for a while"))
    client.jobs.update(job_id, fields_to_remove=["description"])
    settings = client.jobs.get(job_id).settings
    assert settings is not None
    assert (settings.name, settings.tags, settings.description) == ("judged", {"team": "judges"}, None), settings
    print("updated: what was not sent has stayed")


def run(client: WorkspaceClient, job_id: int) -> None:
    ended = client.jobs.run_now(job_id, notebook_params={"who": "anna"}, idempotency_token="once").result(SOON)
    assert ended.state is not None
    assert ended.state.result_state is jobs.RunResultState.SUCCESS
    assert ended.status is not None
    assert ended.status.state is jobs.RunLifecycleStateV2State.TERMINATED
    output = client.jobs.get_run_output((ended.tasks or [])[0].run_id or 0)
    assert output.notebook_output is not None
    print("run said", output.notebook_output.result)
    again = client.jobs.run_now(job_id, notebook_params={"who": "anna"}, idempotency_token="once")
    assert again.run_id == ended.run_id
    assert [one.run_id for one in client.jobs.list_runs(job_id=job_id, completed_only=True)] == [ended.run_id]
    print("the same token gave the same run")


def submit(client: WorkspaceClient) -> None:
    once = jobs.SubmitTask(task_key="once", new_cluster=SPEC, notebook_task=jobs.NotebookTask(NOTEBOOK))
    ended = client.jobs.submit(run_name="one time", tasks=[once]).result(SOON)
    assert ended.state is not None
    assert ended.state.result_state is jobs.RunResultState.SUCCESS
    print("submitted", ended.run_name)


def fail(client: WorkspaceClient, job_id: int) -> None:
    client.jobs.update(job_id, new_settings=jobs.JobSettings(tasks=[task("unlucky")]), fields_to_remove=["tasks/train"])
    try:
        client.jobs.run_now(job_id).result(SOON)
    except OperationFailed as error:
        print("run failed:", error)
    failed = next(iter(client.jobs.list_runs(job_id=job_id)))
    client.jobs.repair_run(failed.run_id or 0, rerun_all_failed_tasks=True).result(SOON)
    print("repaired")


def remove(client: WorkspaceClient, job_id: int) -> None:
    client.jobs.delete(job_id)
    try:
        client.jobs.get(job_id)
    except ResourceDoesNotExist as error:
        print("deleted:", error)


if __name__ == "__main__":
    sdk = WorkspaceClient()
    number = define(sdk)
    change(sdk, number)
    run(sdk, number)
    submit(sdk)
    fail(sdk, number)
    remove(sdk, number)
