"""Clusters, their history and their libraries are the same after a restart of the workspace."""
from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.clusters.cluster import TerminationReason
from sandbox.databricks.delays import Delays
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from tests.sandbox.databricks.conftest import SPEC, Client

JAR, EGG = {"jar": "dbfs:/a.jar"}, {"egg": "dbfs:/a.egg"}
QUOTA = TerminationReason("AZURE_QUOTA_EXCEEDED_EXCEPTION", "CLIENT_ERROR", {"azure_error_code": "QuotaExceeded"}, "no")

DAY = 24 * 3600.0


class Place:
    """A workspace in a folder, which can be started anew."""

    def __init__(self, folder: Path, clock: FakeClock) -> None:
        self.clock = clock
        self.folder = folder
        self._delays = Delays()
        self.start(self._delays)

    def start(self, delays: Delays) -> None:
        self.workspace = Workspace("dev", tenant=Tenant(clock=self.clock), clock=self.clock, folder=self.folder,
                                   delays=delays)
        self.client = Client(self.workspace, self.workspace.token)

    def restart(self, delays: Delays | None = None) -> Client:
        self.workspace.close()
        self.start(delays or self._delays)
        return self.client


@pytest.fixture
def place(tmp_path: Path, clock: FakeClock) -> Iterator[Place]:
    made = Place(tmp_path / "dev", clock)
    yield made
    made.workspace.close()


def told(client: Client, cluster_id: str) -> dict[str, Any]:
    return {"get": client.get("2.1/clusters/get", cluster_id=cluster_id).body,
            "list": client.get("2.1/clusters/list").body["clusters"],
            "events": client.post("2.1/clusters/events", cluster_id=cluster_id).body,
            "libraries": client.get("2.0/libraries/cluster-status", cluster_id=cluster_id).body}


def pinned(client: Client) -> str:
    cluster_id = client.create_terminated()
    client.post("2.1/clusters/pin", cluster_id=cluster_id)
    return cluster_id


def test_everything_told_of_a_cluster_is_told_again(place: Place) -> None:
    cluster_id = place.client.create_running(
        custom_tags={"a": "b"}, spark_conf={"x": "y"}, init_scripts=[{"workspace": {"destination": "/a.sh"}}],
        data_security_mode="DATA_SECURITY_MODE_DEDICATED", autotermination_minutes=30)
    place.client.post("2.1/clusters/pin", cluster_id=cluster_id)
    place.client.post("2.0/libraries/install", cluster_id=cluster_id, libraries=[JAR, EGG])
    assert [place.client.libraries(cluster_id) for _ in range(2)][-1] == ["INSTALLED", "FAILED"]
    place.client.post("2.0/libraries/uninstall", cluster_id=cluster_id, libraries=[JAR])
    before = told(place.client, cluster_id)
    assert told(place.restart(), cluster_id) == before


@pytest.mark.parametrize(("bring", "action", "fields"), [
    (Client.create_terminated, "edit", {**SPEC, "num_workers": 7}),
    (Client.create_terminated, "update", {"update_mask": "num_workers", "cluster": {"num_workers": 7}}),
    (Client.create_terminated, "change-owner", {"owner_username": "anna@example.test"}),
    (Client.create_terminated, "pin", {}), (pinned, "unpin", {}), (Client.create_terminated, "start", {}),
    (Client.create_running, "resize", {"num_workers": 7}), (Client.create_running, "restart", {}),
    (Client.create_running, "delete", {}),
], ids=lambda value: value if isinstance(value, str) else "")
def test_every_change_outlives_the_workspace(
        place: Place, bring: Callable[[Client], str], action: str, fields: dict[str, Any]) -> None:
    place.workspace.add_user("anna@example.test")
    cluster_id = bring(place.client)
    reply = place.restart().post(f"2.1/clusters/{action}", **{**fields, "cluster_id": cluster_id})
    assert reply.status == 200, reply
    told(place.client, cluster_id)
    before = told(place.client, cluster_id)
    assert told(place.restart(), cluster_id) == before


def test_first_read_is_remembered_without_a_delay(place: Place) -> None:
    """B1: without a delay the second read finds it running, whoever was restarted in between."""
    cluster_id = place.client.create()
    assert place.restart().state(cluster_id) == "PENDING"
    assert place.restart().state(cluster_id) == "RUNNING"


def test_what_takes_time_goes_on_while_the_workspace_is_down(place: Place) -> None:
    place.restart(Delays(cluster_start=60))
    cluster_id = place.client.create()
    assert place.restart().state(cluster_id) == "PENDING"
    place.clock.advance(60)
    assert place.restart().state(cluster_id) == "RUNNING"


def test_start_that_is_to_fail_fails_after_the_restart_too(place: Place) -> None:
    place.workspace.fail_next_start(QUOTA)
    cluster_id = place.client.create()
    assert [place.restart().state(cluster_id) for _ in range(3)] == ["PENDING", "TERMINATING", "TERMINATED"]
    assert place.client.cluster(cluster_id)["termination_reason"] == QUOTA.as_json()


def test_idle_cluster_terminates_after_the_restart_too(place: Place) -> None:
    cluster_id = place.client.create_running(autotermination_minutes=30)
    place.clock.advance(1800)
    assert place.restart().get("2.1/clusters/list").body["clusters"][0]["state"] == "TERMINATING"
    assert place.restart().state(cluster_id) == "TERMINATED"


def test_library_on_its_way_arrives_after_the_restart(place: Place) -> None:
    cluster_id = place.client.create_running()
    place.client.post("2.0/libraries/install", cluster_id=cluster_id, libraries=[JAR])
    assert place.restart().libraries(cluster_id) == ["INSTALLING"]
    assert place.restart().libraries(cluster_id) == ["INSTALLED"]


def test_idempotency_token_is_known_after_the_restart(place: Place) -> None:
    cluster_id = place.client.create(idempotency_token="one")
    assert place.restart().create(idempotency_token="one") == cluster_id


def test_no_id_is_given_twice(place: Place) -> None:
    first = place.client.create()
    place.client.post("2.1/clusters/permanent-delete", cluster_id=first)
    assert place.restart().create() != first


def test_cluster_that_was_removed_stays_away_with_its_history(place: Place) -> None:
    cluster_id = place.client.create()
    place.client.post("2.1/clusters/permanent-delete", cluster_id=cluster_id)
    message = place.restart().get("2.1/clusters/get", cluster_id=cluster_id).message
    assert message == f"Cluster {cluster_id} does not exist"
    assert not place.workspace.state.memory.collection("cluster_event", dict)


def test_events_that_are_too_old_are_not_kept(place: Place) -> None:
    """B10: no longer than the service tells of them."""
    cluster_id = place.client.create_running()
    place.clock.advance(41 * DAY)
    for action in ("pin", "unpin", "pin"):
        place.client.post(f"2.1/clusters/{action}", cluster_id=cluster_id)
        place.clock.advance(10 * DAY)
        place.restart()
    assert list(place.workspace.state.memory.collection("cluster_event", dict)) == [
        f"{cluster_id}/{number}" for number in (3, 4, 5)]
    place.client.post("2.1/clusters/unpin", cluster_id=cluster_id)
    events = place.restart().post("2.1/clusters/events", cluster_id=cluster_id, order="ASC").body["events"]
    assert [event["type"] for event in events] == ["PINNED", "UNPINNED", "PINNED", "UNPINNED"]


def test_list_is_read_on_over_the_restart(place: Place) -> None:
    """B9: a page token outlives the process it came from."""
    for number in range(3):
        place.client.create(**{**SPEC, "cluster_name": f"c{number}"})
    first = place.client.get("2.1/clusters/list", page_size="2").body
    second = place.restart().get("2.1/clusters/list", page_size="2", page_token=first["next_page_token"]).body
    assert len({row["cluster_name"] for row in first["clusters"] + second["clusters"]}) == 3


def written(place: Place) -> list[int]:
    """The sizes of the records of clusters."""
    with sqlite3.connect(place.folder / "state.sqlite") as file:
        return [size for size, in file.execute("SELECT length(value) FROM records WHERE kind = 'cluster'")]


def test_long_history_makes_no_write_of_the_cluster_longer(place: Place) -> None:
    """One more event is one more record, however many there were."""
    cluster_id = place.client.create_running()
    before, state = written(place), place.workspace.state
    with state.lock:
        for _ in range(3000):
            state.clusters.record(state.clusters[cluster_id], place.clock.now(), "RESIZING")
    assert written(place) == before
    assert place.restart().post("2.1/clusters/events", cluster_id=cluster_id).body["total_count"] == 3003
