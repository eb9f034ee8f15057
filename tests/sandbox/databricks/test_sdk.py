"""The unmodified databricks-sdk as judge."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import InvalidParameterValue, OperationFailed, PermissionDenied, ResourceDoesNotExist
from databricks.sdk.service import compute, iam

from sandbox.databricks.clusters.cluster import TerminationReason
from sandbox.databricks.workspace import Workspace
from sandbox.http.faults import Fault
from tests.sandbox.databricks.pipeline_sdk import PIPELINE, pipeline_sdk

NODE = "Standard_DS3_v2"
RUNTIME = "16.4.x-scala2.12"


@pytest.fixture
def sdk(strict_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkspaceClient]:
    with pipeline_sdk(strict_workspace, monkeypatch) as client:
        yield client


def create(sdk: WorkspaceClient, name: str = "ours") -> compute.ClusterDetails:
    return sdk.clusters.create(cluster_name=name, spark_version=RUNTIME, node_type_id=NODE, num_workers=1).result()


def test_create_waits_until_the_cluster_runs(sdk: WorkspaceClient, strict_workspace: Workspace) -> None:
    cluster = create(sdk)
    assert (cluster.state, cluster.cluster_name) == (compute.State.RUNNING, "ours")
    gets = [entry for entry in strict_workspace.log.entries() if entry.path.endswith("/clusters/get")]
    assert len(gets) == 2


def test_edit_waits_through_the_restart(sdk: WorkspaceClient) -> None:
    cluster_id = create(sdk).cluster_id or ""
    size = compute.AutoScale(min_workers=1, max_workers=4)
    edited = sdk.clusters.edit(cluster_id, RUNTIME, node_type_id=NODE, autoscale=size).result()
    assert (edited.state, edited.autoscale, edited.cluster_name) == (compute.State.RUNNING, size, "")


def test_edit_of_a_stopped_cluster_cannot_be_waited_for(sdk: WorkspaceClient) -> None:
    cluster_id = create(sdk).cluster_id or ""
    sdk.clusters.delete(cluster_id).result()
    with pytest.raises(OperationFailed):
        sdk.clusters.edit(cluster_id, RUNTIME, node_type_id=NODE, num_workers=1).result()


def test_failed_start_reaches_the_waiting_client(sdk: WorkspaceClient, strict_workspace: Workspace) -> None:
    strict_workspace.fail_next_start(TerminationReason("INIT_SCRIPT_FAILURE", "CLIENT_ERROR", message="script ended"))
    with pytest.raises(OperationFailed, match=r"script ended"):
        create(sdk)


def test_restart_and_permanent_delete(sdk: WorkspaceClient) -> None:
    cluster_id = create(sdk).cluster_id or ""
    assert sdk.clusters.restart(cluster_id).result().state is compute.State.RUNNING
    sdk.clusters.permanent_delete(cluster_id)
    with pytest.raises(ResourceDoesNotExist, match=r"does not exist"):
        sdk.clusters.get(cluster_id)


def test_lists_follow_their_pages(sdk: WorkspaceClient, strict_workspace: Workspace) -> None:
    strict_workspace.add_foreign_clusters(250)
    states = compute.ListClustersFilterBy(cluster_states=[compute.State.TERMINATED], is_pinned=False)
    assert len(list(sdk.clusters.list(filter_by=states, page_size=100))) == 250
    assert len(strict_workspace.log.entries()) - 1 <= 4


def test_events_follow_their_pages(sdk: WorkspaceClient) -> None:
    cluster_id = create(sdk).cluster_id or ""
    for _ in range(3):
        sdk.clusters.restart(cluster_id).result()
    assert len(list(sdk.clusters.events(cluster_id, limit=2))) == 12


def test_libraries_are_installed_and_marked_for_removal(sdk: WorkspaceClient) -> None:
    cluster_id = create(sdk).cluster_id or ""
    library = compute.Library(pypi=compute.PythonPyPiLibrary("pandas==2.2.3"))
    sdk.libraries.install(cluster_id, [library])
    seen = [[row.status for row in sdk.libraries.cluster_status(cluster_id)] for _ in range(2)]
    sdk.libraries.uninstall(cluster_id, [library])
    seen.append([row.status for row in sdk.libraries.cluster_status(cluster_id)])
    status = compute.LibraryInstallStatus
    assert seen == [[status.INSTALLING], [status.INSTALLED], [status.UNINSTALL_ON_RESTART]]


def test_permissions_are_set_and_read(sdk: WorkspaceClient, strict_workspace: Workspace) -> None:
    cluster_id = create(sdk).cluster_id or ""
    strict_workspace.add_group("team")
    level = iam.PermissionLevel
    answer = sdk.permissions.set("clusters", cluster_id, access_control_list=[
        iam.AccessControlRequest(group_name="team", permission_level=level.CAN_RESTART),
        iam.AccessControlRequest(service_principal_name=PIPELINE, permission_level=level.CAN_MANAGE)])
    assert answer == sdk.permissions.get("clusters", cluster_id)
    assert [row.group_name for row in answer.access_control_list or []] == ["team", None, "admins"]
    levels = sdk.permissions.get_permission_levels("clusters", cluster_id).permission_levels or []
    assert [row.permission_level for row in levels] == [level.CAN_ATTACH_TO, level.CAN_RESTART, level.CAN_MANAGE]


def test_errors_become_the_sdk_s_own(sdk: WorkspaceClient, strict_workspace: Workspace) -> None:
    with pytest.raises(InvalidParameterValue, match=r"Missing required field: size"):
        sdk.clusters.create(spark_version=RUNTIME, node_type_id=NODE)
    hidden = strict_workspace.add_foreign_clusters(1, visible=False)[0]
    with pytest.raises(PermissionDenied):
        sdk.clusters.get(hidden)


def test_users_and_the_caller_are_told(sdk: WorkspaceClient, strict_workspace: Workspace) -> None:
    for number in range(25):
        strict_workspace.add_user(f"user{number}@example.test")
    assert sdk.current_user.me().user_name == PIPELINE
    assert len(list(sdk.users.list(count=10))) == 26
    assert [user.user_name for user in sdk.users.list(filter='userName eq "user7@example.test"')] == [
        "user7@example.test"]
    assert sdk.get_workspace_id() == int(strict_workspace.state.org_id)


def test_throttling_is_waited_out(sdk: WorkspaceClient, strict_workspace: Workspace) -> None:
    strict_workspace.faults.add(Fault("/api/2.1/clusters/*", status=429, headers={"Retry-After": "1"}, times=2))
    assert list(sdk.clusters.list()) == []


@pytest.mark.parametrize(("wanted", "key"), [
    ({}, "16.4.x-scala2.12"), ({"long_term_support": True, "ml": True}, "16.4.x-cpu-ml-scala2.12"),
    ({"long_term_support": True, "ml": True, "gpu": True}, "16.4.x-gpu-ml-scala2.12"),
    ({"long_term_support": True, "scala": "2.13"}, "18.x-scala2.13"), ({"spark_version": "3.4"}, "13.3.x-scala2.12"),
], ids=["latest", "ml", "gpu", "scala 2.13", "spark 3.4"])
def test_sdk_chooses_the_runtime_it_would_choose_on_a_real_list(
        sdk: WorkspaceClient, wanted: dict[str, Any], key: str) -> None:
    assert sdk.clusters.select_spark_version(**wanted) == key


def test_sdk_chooses_a_node_type(sdk: WorkspaceClient) -> None:
    assert sdk.clusters.select_node_type(min_cores=4, min_gpus=1).startswith("Standard_NC")
