from __future__ import annotations

from typing import Any

import pytest

from sandbox.clock import FakeClock
from tests.sandbox.databricks.conftest import SPEC, Client

CREATED = ["CREATING", "RUNNING", "DRIVER_HEALTHY"]


def events(client: Client, cluster_id: str, **fields: Any) -> dict[str, Any]:
    return dict(client.post("2.1/clusters/events", cluster_id=cluster_id, **fields).body)


def types(answer: dict[str, Any]) -> list[str]:
    return [event["type"] for event in answer["events"]]


def restarted(client: Client, times: int) -> str:
    """A cluster with three events and three for each restart."""
    cluster_id = client.create_running()
    for _ in range(times):
        client.post("2.1/clusters/restart", cluster_id=cluster_id)
        assert [client.state(cluster_id) for _ in range(2)] == ["RESTARTING", "RUNNING"]
    return cluster_id


def test_latest_event_comes_first_unless_asked_otherwise(admin: Client) -> None:
    """B10: descending by default."""
    cluster_id = admin.create_terminated()
    assert types(events(admin, cluster_id)) == ["TERMINATING", *reversed(CREATED)]
    assert types(events(admin, cluster_id, order="ASC")) == [*CREATED, "TERMINATING"]


def test_both_ways_of_paging_lead_to_the_next_events(admin: Client) -> None:
    """B10: both the object and the token are told; the total too."""
    cluster_id = admin.create_terminated()
    first = events(admin, cluster_id, limit=3)
    by_object = admin.post("2.1/clusters/events", **first["next_page"]).body
    by_token = events(admin, cluster_id, page_size=3, page_token=first["next_page_token"])
    assert (first["total_count"], types(by_object), types(by_token)) == (4, ["CREATING"], ["CREATING"])
    assert ("next_page" in by_object, "next_page_token" in by_token, by_token["total_count"]) == (False, False, 0)


def test_token_leads_back_to_the_events_before(admin: Client) -> None:
    """B10: pages by token go both ways."""
    cluster_id = restarted(admin, 1)
    first = events(admin, cluster_id, page_size=2)
    second = events(admin, cluster_id, page_size=2, page_token=first["next_page_token"])
    back = events(admin, cluster_id, page_size=2, page_token=second["prev_page_token"])
    assert ("prev_page_token" in first, back["events"]) == (False, first["events"])


def test_object_of_a_page_by_token_leads_on(admin: Client) -> None:
    """B10: whichever way the page was asked for, the object is one that can be sent as it is."""
    cluster_id = restarted(admin, 1)
    first = events(admin, cluster_id, page_size=2)
    second = events(admin, cluster_id, page_size=2, page_token=first["next_page_token"])
    third = admin.post("2.1/clusters/events", **second["next_page"]).body
    assert (types(third), "next_page" in third) == (["RUNNING", "CREATING"], False)


def test_every_event_is_seen_on_pages_of_one_in_both_directions(admin: Client) -> None:
    """B10: a limit of 1 is one, and the page before is the one that was just read."""
    cluster_id = admin.create_running()
    whole = events(admin, cluster_id)["events"]
    pages = [events(admin, cluster_id, page_size=1)]
    while "next_page_token" in pages[-1]:
        pages.append(events(admin, cluster_id, page_size=1, page_token=pages[-1]["next_page_token"]))
    assert [page["events"] for page in pages] == [[event] for event in whole]
    back = events(admin, cluster_id, page_size=1, page_token=pages[2]["prev_page_token"])
    assert (back["events"], "prev_page_token" in pages[1]) == (whole[1:2], True)


def test_page_before_never_begins_before_the_first_event(admin: Client) -> None:
    cluster_id = admin.create_running()
    first = events(admin, cluster_id, page_size=1)
    second = events(admin, cluster_id, page_size=2, page_token=first["next_page_token"])
    back = events(admin, cluster_id, page_size=2, page_token=second["prev_page_token"])
    assert back["events"] == events(admin, cluster_id)["events"][:2]


def test_offset_from_the_oldest_needs_no_end(admin: Client) -> None:
    assert types(events(admin, admin.create_running(), offset=1, order="ASC")) == CREATED[1:]


def test_event_that_comes_between_two_pages_shifts_nothing(admin: Client, clock: FakeClock) -> None:
    """B10: a token belongs to the events that were there."""
    cluster_id = admin.create_terminated()
    first = events(admin, cluster_id, page_size=3)
    clock.advance(1)
    admin.post("2.1/clusters/start", cluster_id=cluster_id)
    assert types(events(admin, cluster_id, page_size=3, page_token=first["next_page_token"])) == ["CREATING"]


@pytest.mark.parametrize(("limit", "shown"), [({}, 50), ({"limit": 501}, 500), ({"page_size": 501}, 500)], ids=str)
def test_page_has_fifty_events_and_never_more_than_five_hundred(
        admin: Client, limit: dict[str, int], shown: int) -> None:
    """B10: limit 500 maximum."""
    cluster_id = admin.create()
    clusters = admin.workspace.state.clusters
    with admin.workspace.state.lock:
        for _ in range(500):
            clusters.record(clusters[cluster_id], admin.workspace.state.clock.now(), "RESIZING")
    assert len(events(admin, cluster_id, **limit)["events"]) == shown


def test_events_are_filtered_by_type_and_time(admin: Client, clock: FakeClock) -> None:
    cluster_id = admin.create_running()
    clock.advance(10)
    admin.post("2.1/clusters/restart", cluster_id=cluster_id)
    assert types(events(admin, cluster_id, event_types=["CREATING", "RESTARTING"])) == ["RESTARTING", "CREATING"]
    assert types(events(admin, cluster_id, start_time=int(clock.now() * 1000))) == ["RESTARTING"]
    assert len(types(events(admin, cluster_id, event_types=[]))) == 4


@pytest.mark.parametrize("limit", [{"limit": 0}, {"limit": -5}, {"page_size": -1}, {"page_size": 0}], ids=str)
def test_limit_below_one_leaves_it_to_the_service(admin: Client, limit: dict[str, int]) -> None:
    assert len(events(admin, admin.create_running(), **limit)["events"]) == 3


@pytest.mark.parametrize("fields", [
    {"offset": 1}, {"offset": -1, "order": "ASC"}, {"page_token": "x"}, {"page_token": "1-x"}, {"page_token": "-1"},
    {"page_token": "1-" + "9" * 50}], ids=str)
def test_paging_that_cannot_be_followed_is_refused(admin: Client, fields: dict[str, Any]) -> None:
    assert events(admin, admin.create(), **fields)["error_code"] == "INVALID_PARAMETER_VALUE"


def test_event_tells_who_did_it_and_what_changed(admin: Client) -> None:
    cluster_id = admin.create_running()
    admin.post("2.1/clusters/edit", cluster_id=cluster_id, **{**SPEC, "num_workers": 5})
    edited, created = events(admin, cluster_id, event_types=["EDITED", "CREATING"])["events"]
    assert (edited["details"]["user"], created["details"]["user"]) == ("admin@example.test", "admin@example.test")
    assert edited["details"]["previous_cluster_size"] == created["details"]["cluster_size"] == {"num_workers": 2}
    assert edited["details"]["cluster_size"] == {"num_workers": 5}


def test_init_scripts_run_before_the_cluster_does(admin: Client) -> None:
    cluster_id = admin.create_running(init_scripts=[{"workspace": {"destination": "/Shared/a.sh"}}])
    assert types(events(admin, cluster_id, order="ASC")) == [
        "CREATING", "INIT_SCRIPTS_STARTED", "INIT_SCRIPTS_FINISHED", "RUNNING", "DRIVER_HEALTHY"]
