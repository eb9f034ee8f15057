"""How long a cluster can be reached after its termination."""
from __future__ import annotations

import pytest

from sandbox.clock import FakeClock
from tests.sandbox.databricks.conftest import SPEC, Client

DAY = 24 * 3600.0


def seen(client: Client) -> int:
    return len(client.get("2.1/clusters/list").body.get("clusters", ()))


def test_cluster_is_described_and_listed_for_thirty_days(admin: Client, clock: FakeClock) -> None:
    """B16: not a moment earlier."""
    cluster_id = admin.create_terminated()
    clock.advance(30 * DAY)
    assert (admin.state(cluster_id), seen(admin)) == ("TERMINATED", 1)


@pytest.mark.parametrize("action", ["start", "edit", "delete", "permanent-delete", "pin", "events"])
def test_long_terminated_cluster_cannot_be_reached(admin: Client, clock: FakeClock, action: str) -> None:
    """B16: terminated more than 30 days ago is INVALID_STATE, whatever is asked for."""
    cluster_id = admin.create_terminated()
    clock.advance(30 * DAY + 1)
    assert admin.post(f"2.1/clusters/{action}", **{**SPEC, "cluster_id": cluster_id}).code == "INVALID_STATE"


def test_long_terminated_cluster_is_neither_described_nor_listed(admin: Client, clock: FakeClock) -> None:
    """B16: its permissions answer the same."""
    cluster_id = admin.create_terminated()
    clock.advance(30 * DAY + 1)
    reply = admin.get("2.1/clusters/get", cluster_id=cluster_id)
    assert (reply.code, "more than 30 days ago" in reply.message) == ("INVALID_STATE", True)
    assert seen(admin) == 0
    assert admin.get(f"2.0/permissions/clusters/{cluster_id}").code == "INVALID_STATE"


def test_cluster_is_gone_after_sixty_days(admin: Client, clock: FakeClock) -> None:
    """B16: then no one knows of it any more."""
    cluster_id = admin.create_terminated()
    clock.advance(60 * DAY + 1)
    assert admin.get("2.1/clusters/get", cluster_id=cluster_id).message == f"Cluster {cluster_id} does not exist"
    assert cluster_id not in admin.workspace.state.clusters


def test_pinned_cluster_stays_reachable(admin: Client, clock: FakeClock) -> None:
    cluster_id = admin.create_terminated()
    admin.post("2.1/clusters/pin", cluster_id=cluster_id)
    clock.advance(100 * DAY)
    assert (admin.state(cluster_id), seen(admin)) == ("TERMINATED", 1)


def test_days_count_anew_when_it_is_unpinned(admin: Client, clock: FakeClock) -> None:
    """B16: terminated or unpinned more than 30 days ago."""
    cluster_id = admin.create_terminated()
    admin.post("2.1/clusters/pin", cluster_id=cluster_id)
    clock.advance(100 * DAY)
    admin.post("2.1/clusters/unpin", cluster_id=cluster_id)
    clock.advance(30 * DAY)
    assert admin.state(cluster_id) == "TERMINATED"
    clock.advance(1)
    assert admin.get("2.1/clusters/get", cluster_id=cluster_id).code == "INVALID_STATE"


def test_running_cluster_is_never_too_old(admin: Client, clock: FakeClock) -> None:
    cluster_id = admin.create_running()
    clock.advance(100 * DAY)
    assert admin.state(cluster_id) == "RUNNING"


def told(client: Client, cluster_id: str) -> list[str]:
    body = client.post("2.1/clusters/events", cluster_id=cluster_id, order="ASC").body
    assert body["total_count"] == len(body["events"])
    return [event["type"] for event in body["events"]]


def test_events_are_told_for_sixty_days(admin: Client, clock: FakeClock) -> None:
    """B10: though the cluster lives longer."""
    cluster_id = admin.create_running()
    clock.advance(60 * DAY)
    assert told(admin, cluster_id) == ["CREATING", "RUNNING", "DRIVER_HEALTHY"]
    clock.advance(1)
    assert told(admin, cluster_id) == []
