"""clusters/pin and clusters/unpin."""
from __future__ import annotations

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client

DAY = 24 * 3600.0


def history(client: Client, cluster_id: str) -> list[str]:
    """Who pinned and unpinned it, oldest first."""
    answer = client.post("2.1/clusters/events", cluster_id=cluster_id, order="ASC", event_types=["PINNED", "UNPINNED"])
    return [f"{event['type']} by {event['details']['user']}" for event in answer.body["events"]]


def test_pinning_twice_is_pinning_once(workspace: Workspace, admin: Client) -> None:
    """B6: pinning a pinned cluster does nothing, whoever does it."""
    workspace.add_user("second@example.test", admin=True)
    cluster_id = admin.create()
    for client in (admin, Client(workspace, workspace.add_token("second@example.test"))):
        assert client.post("2.1/clusters/pin", cluster_id=cluster_id).body == {}
    assert admin.cluster(cluster_id)["pinned_by_user_name"] == "admin@example.test"
    assert history(admin, cluster_id) == ["PINNED by admin@example.test"]


def test_unpinned_cluster_is_told_without_who_pinned_it(admin: Client) -> None:
    cluster_id = admin.create()
    for action in ("pin", "unpin", "unpin"):
        assert admin.post(f"2.1/clusters/{action}", cluster_id=cluster_id).body == {}
    assert "pinned_by_user_name" not in admin.cluster(cluster_id)
    assert history(admin, cluster_id) == ["PINNED by admin@example.test", "UNPINNED by admin@example.test"]


def test_unpinning_what_is_not_pinned_does_not_keep_it_longer(admin: Client, clock: FakeClock) -> None:
    """B16: the days count from the termination."""
    cluster_id = admin.create_terminated()
    clock.advance(20 * DAY)
    admin.post("2.1/clusters/unpin", cluster_id=cluster_id)
    clock.advance(10 * DAY + 1)
    assert admin.get("2.1/clusters/get", cluster_id=cluster_id).code == "INVALID_STATE"


@pytest.mark.parametrize("action", ["pin", "unpin"])
def test_only_an_admin_pins_and_unpins(owner: Client, action: str) -> None:
    """B17: who manages the cluster may not."""
    reply = owner.post(f"2.1/clusters/{action}", cluster_id=owner.create())
    assert (reply.status, reply.code) == (403, "PERMISSION_DENIED")
    assert reply.message == "Only admin users can pin and unpin clusters."


def test_no_more_than_a_hundred_clusters_are_pinned(workspace: Workspace, admin: Client) -> None:
    replies = [admin.post("2.1/clusters/pin", cluster_id=cluster_id)
               for cluster_id in workspace.add_foreign_clusters(101)]
    assert [reply.status for reply in replies] == [200] * 100 + [400]
    assert replies[-1].message == "At most 100 clusters can be pinned"
