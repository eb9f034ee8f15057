"""What starts, restarts, resizes and stops leave behind in what is told of a cluster."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.clusters.cluster import TerminationReason
from sandbox.databricks.delays import Delays
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.clusters.test_cluster_list import names
from tests.sandbox.databricks.conftest import Client

DAY = 24 * 3600.0
JAR = {"jar": "dbfs:/a.jar"}
QUOTA = TerminationReason("AZURE_QUOTA_EXCEEDED_EXCEPTION", "CLIENT_ERROR", {}, "The subscription's cores are used up")


def events(client: Client, cluster_id: str) -> list[dict[str, Any]]:
    """Newest first."""
    return list(client.post("2.1/clusters/events", cluster_id=cluster_id).body["events"])


def restarted(client: Client, cluster_id: str) -> None:
    client.post("2.1/clusters/restart", cluster_id=cluster_id)
    assert [client.state(cluster_id) for _ in range(2)] == ["RESTARTING", "RUNNING"]


def test_started_cluster_is_told_without_its_last_end(admin: Client, clock: FakeClock) -> None:
    """B16: days since a termination that is over do not count."""
    cluster_id = admin.create_terminated()
    assert {"terminated_time", "termination_reason"} <= admin.cluster(cluster_id).keys()
    admin.post("2.1/clusters/start", cluster_id=cluster_id)
    assert not {"terminated_time", "termination_reason"} & admin.cluster(cluster_id).keys()
    clock.advance(31 * DAY)
    assert admin.state(cluster_id) == "RUNNING"


def test_restart_that_fails_ends_terminated_with_its_reason(workspace: Workspace, admin: Client) -> None:
    """B1: as the start of a new cluster does."""
    cluster_id = admin.create_running()
    workspace.fail_next_start(QUOTA)
    admin.post("2.1/clusters/restart", cluster_id=cluster_id)
    assert [admin.state(cluster_id) for _ in range(3)] == ["RESTARTING", "TERMINATING", "TERMINATED"]
    assert admin.cluster(cluster_id)["termination_reason"]["code"] == QUOTA.code


@pytest.mark.parametrize("action", ["create", "resize", "delete"])
def test_restart_does_nothing_to_a_cluster_on_its_way(admin: Client, action: str) -> None:
    """B3: restart when not RUNNING does nothing, not even leave an event."""
    cluster_id = admin.create() if action == "create" else admin.create_running()
    if action != "create":
        assert admin.post(f"2.1/clusters/{action}", cluster_id=cluster_id, num_workers=1).body == {}
    assert admin.post("2.1/clusters/restart", cluster_id=cluster_id).body == {}
    seen = [admin.state(cluster_id) for _ in range(2)]
    assert ("RESTARTING" in seen, seen[1]) == (False, "TERMINATED" if action == "delete" else "RUNNING")
    assert "RESTARTING" not in [event["type"] for event in events(admin, cluster_id)]


def test_event_tells_who_started_the_cluster(admin: Client, owner: Client) -> None:
    """B17: not who has made it."""
    cluster_id = owner.create_terminated()
    admin.post("2.1/clusters/start", cluster_id=cluster_id)
    assert [event["details"]["user"] for event in events(admin, cluster_id) if "user" in event["details"]] == [
        "admin@example.test", "owner@example.test"]


def test_spark_context_is_another_one_after_each_start(admin: Client) -> None:
    cluster_id = admin.create_running()
    first = admin.cluster(cluster_id)["spark_context_id"]
    restarted(admin, cluster_id)
    second = admin.cluster(cluster_id)["spark_context_id"]
    assert (isinstance(first, int), first == second) == (True, False)
    admin.post("2.1/clusters/delete", cluster_id=cluster_id)
    assert [admin.cluster(cluster_id)["spark_context_id"] for _ in range(2)] == [second] * 2


def test_resize_is_told_with_its_sizes_in_the_events(admin: Client) -> None:
    cluster_id = admin.create_running()
    admin.post("2.1/clusters/resize", cluster_id=cluster_id, num_workers=3)
    assert [admin.state(cluster_id) for _ in range(2)] == ["RESIZING", "RUNNING"]
    assert [(event["type"], event["details"]) for event in events(admin, cluster_id)[:2]] == [
        ("UPSIZE_COMPLETED", {"current_num_workers": 3, "target_num_workers": 3}),
        ("RESIZING", {"cluster_size": {"num_workers": 3}, "user": "admin@example.test"})]


def test_idle_cluster_ended_when_it_was_due_and_not_when_somebody_looked(admin: Client, clock: FakeClock) -> None:
    """B16: so its days count from that moment."""
    cluster_id = admin.create_running(autotermination_minutes=30)
    due = int((clock.now() + 1800) * 1000)
    clock.advance(7200)
    assert [admin.state(cluster_id) for _ in range(2)] == ["TERMINATING", "TERMINATED"]
    event = events(admin, cluster_id)[0]
    assert (event["type"], event["timestamp"], admin.cluster(cluster_id)["terminated_time"]) == (
        "TERMINATING", due, due)


def test_libraries_begin_when_the_cluster_came_up(workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    """C1: and not when somebody looked."""
    workspace.set_delays(Delays(cluster_start=60, library_install=30))
    cluster_id = admin.create()
    admin.post("2.0/libraries/install", cluster_id=cluster_id, libraries=[JAR])
    clock.advance(89)
    assert admin.libraries(cluster_id) == ["INSTALLING"]
    clock.advance(1)
    assert admin.libraries(cluster_id) == ["INSTALLED"]


def test_library_that_was_ready_before_the_stop_is_told_so(
        workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    """C1: only what was still being installed waits for the next start."""
    workspace.set_delays(Delays(library_install=30))
    cluster_id = admin.create_running()
    admin.post("2.0/libraries/install", cluster_id=cluster_id, libraries=[JAR])
    clock.advance(30)
    with workspace.state.lock:
        workspace.state.machine.terminate(workspace.state.clusters[cluster_id], QUOTA)
    assert admin.libraries(cluster_id) == ["INSTALLED"]


def test_cluster_is_found_by_the_state_it_came_to_by_itself(workspace: Workspace, admin: Client) -> None:
    """B9: among many others."""
    workspace.add_foreign_clusters(30, state="RUNNING")
    admin.create_terminated(cluster_name="stopped")
    assert names(admin, **{"filter_by.cluster_states": "TERMINATED"}) == ["stopped"]


def test_cluster_that_was_removed_on_its_way_is_not_waited_for(
        workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    """B6: lists go on without it when it would have come up."""
    workspace.set_delays(Delays(cluster_start=60))
    admin.post("2.1/clusters/permanent-delete", cluster_id=admin.create())
    clock.advance(60)
    assert (admin.get("2.1/clusters/list").status, admin.get("2.0/libraries/all-cluster-statuses").status) == (200, 200)


def test_event_tells_a_range_of_workers_as_one(admin: Client) -> None:
    """B10: as the service's ClusterSize."""
    size = {"min_workers": 1, "max_workers": 4}
    cluster_id = admin.create(num_workers=None, autoscale=size)
    assert events(admin, cluster_id)[0]["details"]["cluster_size"] == {"autoscale": size}
