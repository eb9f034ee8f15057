"""The unmodified databricks-sdk as judge of jobs and runs."""
from __future__ import annotations

from collections.abc import Iterator

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import InvalidParameterValue, OperationFailed, PermissionDenied, ResourceDoesNotExist
from databricks.sdk.service import compute, iam, jobs

from sandbox.databricks.jobs.seeds import add_foreign_jobs
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.pipeline_sdk import PIPELINE, pipeline_sdk

CLUSTER = compute.ClusterSpec(spark_version="16.4.x-scala2.12", node_type_id="Standard_DS3_v2", num_workers=1)


@pytest.fixture
def sdk(strict_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkspaceClient]:
    with pipeline_sdk(strict_workspace, monkeypatch) as client:
        yield client


def notebook(key: str, *needed: str) -> jobs.Task:
    return jobs.Task(key, notebook_task=jobs.NotebookTask("/Repos/dev/churn/train"), job_cluster_key="shared",
                     depends_on=[jobs.TaskDependency(other) for other in needed])


def create(sdk: WorkspaceClient, name: str = "churn", tasks: int = 1) -> int:
    keys = [f"t{number:03}" for number in range(tasks)]
    made = sdk.jobs.create(name=name, tasks=[notebook(key, *keys[:at][-1:]) for at, key in enumerate(keys)][:tasks],
                           job_clusters=[jobs.JobCluster("shared", CLUSTER)])
    assert made.job_id is not None
    return made.job_id


def test_job_comes_back_as_it_was_asked_for(sdk: WorkspaceClient) -> None:
    job = sdk.jobs.get(create(sdk, tasks=2))
    assert job.run_as_user_name == job.creator_user_name == PIPELINE
    assert job.settings is not None
    assert [task.task_key for task in job.settings.tasks or []] == ["t000", "t001"]
    assert job.settings.queue == jobs.QueueSettings(enabled=True)


def test_reset_and_update(sdk: WorkspaceClient) -> None:
    job_id = create(sdk)
    sdk.jobs.reset(job_id, jobs.JobSettings(name="new", description="x", tags={"a": "b"}))
    sdk.jobs.update(job_id, new_settings=jobs.JobSettings(max_concurrent_runs=3), fields_to_remove=["tags"])
    settings = sdk.jobs.get(job_id).settings or jobs.JobSettings()
    assert (settings.name, settings.description, settings.tags, settings.max_concurrent_runs) == ("new", "x", None, 3)


def test_long_job_is_read_whole(sdk: WorkspaceClient) -> None:
    """E5: the SDK follows the pages of a long job."""
    job_id = create(sdk, tasks=250)
    assert len((sdk.jobs.get(job_id).settings or jobs.JobSettings()).tasks or []) == 250
    listed = next(iter(sdk.jobs.list(expand_tasks=True)))
    assert len((listed.settings or jobs.JobSettings()).tasks or []) == 250


def test_list_follows_its_pages_and_filters_by_name(sdk: WorkspaceClient, strict_workspace: Workspace) -> None:
    add_foreign_jobs(strict_workspace.state, 250)
    job_id = create(sdk)
    assert len(list(sdk.jobs.list(limit=100))) == 251
    assert [job.job_id for job in sdk.jobs.list(name="CHURN")] == [job_id]


def test_run_is_waited_for(sdk: WorkspaceClient) -> None:
    run = sdk.jobs.run_now(create(sdk, tasks=2)).result()
    assert run.state is not None
    assert run.status is not None
    assert (run.state.life_cycle_state, run.state.result_state) == (
        jobs.RunLifeCycleState.TERMINATED, jobs.RunResultState.SUCCESS)
    assert run.status.state is jobs.RunLifecycleStateV2State.TERMINATED
    assert sdk.jobs.get_run_output((run.tasks or [])[0].run_id or 0).metadata is not None


def test_failed_run_raises(sdk: WorkspaceClient, strict_workspace: Workspace) -> None:
    """E7: a failed run makes the waiting SDK raise."""
    strict_workspace.fail_next_task("no data")
    with pytest.raises(OperationFailed, match=r"Task t000 failed with message: Workload failed"):
        sdk.jobs.run_now(create(sdk)).result()


def test_submitted_run_is_waited_for(sdk: WorkspaceClient) -> None:
    task = jobs.SubmitTask("once", new_cluster=CLUSTER, notebook_task=jobs.NotebookTask("/x"))
    run = sdk.jobs.submit(run_name="once", tasks=[task], idempotency_token="t").result()
    assert run.run_type is jobs.RunType.SUBMIT_RUN
    assert sdk.jobs.submit(tasks=[task], idempotency_token="t").run_id == run.run_id


def test_cancelled_run_is_waited_for(sdk: WorkspaceClient) -> None:
    """E7: a cancelled run is waited for."""
    waiting = sdk.jobs.run_now(create(sdk))
    run = sdk.jobs.cancel_run(waiting.run_id).result()
    assert run.state is not None
    assert run.state.result_state is jobs.RunResultState.CANCELED


def test_long_run_is_read_whole(sdk: WorkspaceClient) -> None:
    """E5: the SDK follows the pages of a long run."""
    waiting = sdk.jobs.run_now(create(sdk, tasks=150))
    assert len(sdk.jobs.get_run(waiting.run_id).tasks or []) == 150
    assert [run.run_id for run in sdk.jobs.list_runs(active_only=True, expand_tasks=True)] == [waiting.run_id]


def test_repair_is_waited_for(sdk: WorkspaceClient, strict_workspace: Workspace) -> None:
    strict_workspace.fail_next_task("no data")
    waiting = sdk.jobs.run_now(create(sdk))
    with pytest.raises(OperationFailed):
        waiting.result()
    run = sdk.jobs.repair_run(waiting.run_id, rerun_all_failed_tasks=True).result()
    assert run.state is not None
    assert run.state.result_state is jobs.RunResultState.SUCCESS


def test_permissions_of_a_job_are_set_and_read(sdk: WorkspaceClient, strict_workspace: Workspace) -> None:
    job_id = str(create(sdk))
    strict_workspace.add_group("team")
    level = jobs.JobPermissionLevel
    answer = sdk.jobs.set_permissions(job_id, access_control_list=[
        jobs.JobAccessControlRequest(group_name="team", permission_level=level.CAN_MANAGE_RUN),
        jobs.JobAccessControlRequest(service_principal_name=PIPELINE, permission_level=level.IS_OWNER)])
    assert answer == sdk.jobs.get_permissions(job_id)
    assert [row.group_name for row in answer.access_control_list or []] == ["team", None, "admins"]
    with pytest.raises(InvalidParameterValue, match=r"exactly one owner"):
        sdk.permissions.set("jobs", job_id, access_control_list=[
            iam.AccessControlRequest(group_name="team", permission_level=iam.PermissionLevel.CAN_VIEW)])


def test_errors_become_the_sdk_s_own(sdk: WorkspaceClient, strict_workspace: Workspace) -> None:
    """E14: the SDK makes its own errors of the replies to what is missing."""
    hidden = add_foreign_jobs(strict_workspace.state, 1, visible=False)[0]
    with pytest.raises(PermissionDenied):
        sdk.jobs.get(hidden)
    with pytest.raises(ResourceDoesNotExist):
        sdk.jobs.get_run(5)
    admin = WorkspaceClient(host=sdk.config.host, token=strict_workspace.token, auth_type="pat")
    with pytest.raises(ResourceDoesNotExist):
        admin.jobs.get(5)


def test_deleted_job_is_gone(sdk: WorkspaceClient) -> None:
    sdk.jobs.delete(create(sdk))
    assert list(sdk.jobs.list()) == []
