from __future__ import annotations

from typing import Any

import pytest

from sandbox.clock import FakeClock
from tests.sandbox.databricks.conftest import Client


def events(client: Client, cluster_id: str, **fields: Any) -> dict[str, Any]:
    return dict(client.post("2.1/clusters/events", cluster_id=cluster_id, **fields).body)


def types(answer: dict[str, Any]) -> list[str]:
    return [event["type"] for event in answer["events"]]


def test_latest_event_comes_first_unless_asked_otherwise(admin: Client) -> None:
    cluster_id = admin.create_terminated()
    assert types(events(admin, cluster_id)) == ["TERMINATING", "RUNNING", "CREATING"]
    assert types(events(admin, cluster_id, order="ASC")) == ["CREATING", "RUNNING", "TERMINATING"]


def test_both_ways_of_paging_lead_to_the_next_events(admin: Client) -> None:
    cluster_id = admin.create_terminated()
    first = events(admin, cluster_id, limit=2)
    by_object = admin.post("2.1/clusters/events", **first["next_page"]).body
    by_token = events(admin, cluster_id, page_size=2, page_token=first["next_page_token"])
    assert (first["total_count"], types(by_object), types(by_token)) == (3, ["CREATING"], ["CREATING"])
    assert "next_page" not in by_object


def test_events_are_filtered_by_type_and_time(admin: Client, clock: FakeClock) -> None:
    cluster_id = admin.create_running()
    clock.advance(10)
    admin.post("2.1/clusters/restart", cluster_id=cluster_id)
    assert types(events(admin, cluster_id, event_types=["CREATING", "RESTARTING"])) == ["RESTARTING", "CREATING"]
    assert types(events(admin, cluster_id, start_time=int(clock.now() * 1000))) == ["RESTARTING"]


@pytest.mark.parametrize(("limit", "shown"), [(0, 2), (-5, 1), (9999, 2)])
def test_limit_out_of_range_is_clamped(admin: Client, limit: int, shown: int) -> None:
    assert len(events(admin, admin.create_running(), limit=limit)["events"]) == shown


@pytest.mark.parametrize("fields", [{"offset": 1}, {"offset": -1, "order": "ASC"}, {"page_token": "x"}])
def test_paging_that_cannot_be_followed_is_refused(admin: Client, fields: dict[str, Any]) -> None:
    assert events(admin, admin.create(), **fields)["error_code"] == "INVALID_PARAMETER_VALUE"
