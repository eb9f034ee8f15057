"""Many clients that write at once, over HTTP: one after the other, and nothing is lost."""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import requests

from sandbox.databricks.workspace import Workspace
from sandbox.http.server import Server
from tests.sandbox.databricks.conftest import SPEC, Client

WRITERS = 64


@pytest.fixture
def url(workspace: Workspace) -> Iterator[str]:
    with Server(workspace.application) as server:
        yield f"{server.url}/api/"


def at_once(url: str, token: str, path: str, body: Callable[[int], dict[str, Any]]) -> list[requests.Response]:
    """The replies to as many requests as there are writers, none of which starts before all are ready."""
    ready = Barrier(WRITERS)

    def write(number: int) -> requests.Response:
        ready.wait()
        return requests.post(url + path, json=body(number), headers={"Authorization": f"Bearer {token}"}, timeout=30)

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(write, range(WRITERS)))


def test_no_library_is_lost(admin: Client, url: str) -> None:
    cluster_id = admin.create_running()
    replies = at_once(url, admin.token, "2.0/libraries/install", lambda number: {
        "cluster_id": cluster_id, "libraries": [{"jar": f"dbfs:/{number}.jar"}]})
    assert {reply.status_code for reply in replies} == {200}
    rows = admin.get("2.0/libraries/cluster-status", cluster_id=cluster_id).body["library_statuses"]
    assert {row["library"]["jar"] for row in rows} == {f"dbfs:/{number}.jar" for number in range(WRITERS)}


def test_one_of_many_edits_wins_and_the_others_are_told(admin: Client, url: str) -> None:
    """B4: the first edit restarts the cluster, so that every other one finds it RESTARTING."""
    cluster_id = admin.create_running()
    replies = at_once(url, admin.token, "2.1/clusters/edit", lambda number: {
        **SPEC, "cluster_id": cluster_id, "num_workers": number + 1})
    assert Counter(reply.status_code for reply in replies) == {200: 1, 400: WRITERS - 1}
    winner = next(number for number, reply in enumerate(replies) if reply.ok)
    assert admin.cluster(cluster_id)["spec"]["num_workers"] == winner + 1


def test_every_edit_of_a_stopped_cluster_is_in_its_history(admin: Client, url: str) -> None:
    cluster_id = admin.create_terminated()
    at_once(url, admin.token, "2.1/clusters/edit", lambda number: {
        **SPEC, "cluster_id": cluster_id, "num_workers": number + 1})
    edits = admin.post("2.1/clusters/events", cluster_id=cluster_id, event_types=["EDITED"], limit=500, order="ASC")
    sizes = [event["details"]["cluster_size"]["num_workers"] for event in edits.body["events"]]
    before = [event["details"]["previous_cluster_size"]["num_workers"] for event in edits.body["events"]]
    assert (sorted(sizes), before[1:]) == (list(range(1, WRITERS + 1)), sizes[:-1])


def test_one_idempotency_token_makes_one_cluster(admin: Client, url: str) -> None:
    replies = at_once(url, admin.token, "2.1/clusters/create", lambda _: {**SPEC, "idempotency_token": "one"})
    assert len({reply.json()["cluster_id"] for reply in replies}) == 1
    assert len(admin.get("2.1/clusters/list").body["clusters"]) == 1
