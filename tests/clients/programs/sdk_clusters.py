"""databricks-sdk lives a cluster's life, waiting for it as its documentation shows."""
from __future__ import annotations

from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import BadRequest, OperationFailed, ResourceDoesNotExist
from databricks.sdk.service import compute

RUNTIME = "16.4.x-scala2.12"
NODE = "Standard_DS3_v2"
LABELS = {"team": "data_science"}


def live(workspace: WorkspaceClient) -> None:
    made = workspace.clusters.create(
        cluster_name="judge", spark_version=RUNTIME, node_type_id=NODE, num_workers=1, autotermination_minutes=30,
        custom_tags=LABELS, spark_conf={"spark.speculation": "true"}).result()
    assert made.state is compute.State.RUNNING, made.state
    assert (made.custom_tags, made.autotermination_minutes) == (LABELS, 30)
    cluster_id = made.cluster_id or ""
    print("created", cluster_id)
    size = compute.AutoScale(min_workers=1, max_workers=3)
    edited = workspace.clusters.edit(cluster_id, RUNTIME, cluster_name="judge", node_type_id=NODE, autoscale=size,
                                     spark_conf={"spark.speculation": "false"}).result()
    assert (edited.state, edited.autoscale, edited.custom_tags) == (compute.State.RUNNING, size, None), edited
    print("edited: what was not sent is gone")
    resized = workspace.clusters.resize(cluster_id, num_workers=4).result()
    assert (resized.state, resized.num_workers) == (compute.State.RUNNING, 4), resized
    print("resized")
    assert workspace.clusters.restart(cluster_id).result().state is compute.State.RUNNING
    print("restarted")
    kinds = [event.type for event in workspace.clusters.events(cluster_id, limit=3)]
    assert compute.EventType.CREATING in kinds, kinds
    assert len(kinds) > 3, kinds
    print("events read page by page")
    stop(workspace, cluster_id)


def stop(workspace: WorkspaceClient, cluster_id: str) -> None:
    stopped = workspace.clusters.delete(cluster_id).result()
    reason = stopped.termination_reason
    assert stopped.state is compute.State.TERMINATED
    assert reason is not None
    assert reason.code is compute.TerminationReasonCode.USER_REQUEST
    print("terminated by", (reason.parameters or {})["username"])
    try:
        workspace.clusters.edit(cluster_id, RUNTIME, node_type_id=NODE, num_workers=2).result()
    except OperationFailed:
        print("edit of a terminated cluster cannot be waited for")
    assert workspace.clusters.get(cluster_id).num_workers == 2
    workspace.clusters.ensure_cluster_is_running(cluster_id)
    assert workspace.clusters.get(cluster_id).state is compute.State.RUNNING
    print("made to run")
    remove(workspace, cluster_id)


def remove(workspace: WorkspaceClient, cluster_id: str) -> None:
    workspace.clusters.pin(cluster_id)
    try:
        workspace.clusters.permanent_delete(cluster_id)
    except BadRequest as error:
        print("refused:", error)
    workspace.clusters.unpin(cluster_id)
    workspace.clusters.permanent_delete(cluster_id)
    try:
        workspace.clusters.get(cluster_id)
    except ResourceDoesNotExist:
        print("permanently deleted")
    assert cluster_id not in [cluster.cluster_id for cluster in workspace.clusters.list()]


def fail(workspace: WorkspaceClient) -> None:
    try:
        workspace.clusters.create(cluster_name="unlucky", spark_version=RUNTIME, node_type_id=NODE,
                                  num_workers=1).result()
    except OperationFailed as error:
        print("start failed:", error)


if __name__ == "__main__":
    client = WorkspaceClient()
    live(client)
    fail(client)
