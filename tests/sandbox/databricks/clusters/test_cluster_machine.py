"""The state machine, seen through the Clusters API."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.clusters.cluster import TerminationReason
from sandbox.databricks.delays import Delays
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import SPEC, Client

QUOTA = TerminationReason("AZURE_QUOTA_EXCEEDED_EXCEPTION", "CLIENT_ERROR", {"azure_error_code": "QuotaExceeded"},
                          "The subscription's cores are used up")


def test_cluster_is_pending_before_it_runs(admin: Client) -> None:
    """B1: create is PENDING first."""
    cluster_id = admin.create()
    assert [admin.state(cluster_id) for _ in range(3)] == ["PENDING", "RUNNING", "RUNNING"]


def test_list_shows_pending_too(admin: Client) -> None:
    """B1: in the list, too."""
    admin.create()
    states = [admin.get("2.1/clusters/list").body["clusters"][0]["state"] for _ in range(2)]
    assert states == ["PENDING", "RUNNING"]


def test_with_a_delay_only_time_makes_it_run(workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    """B1: RUNNING comes after the delay."""
    workspace.set_delays(Delays(cluster_start=60))
    cluster_id = admin.create()
    assert [admin.state(cluster_id) for _ in range(3)] == ["PENDING"] * 3
    clock.advance(60)
    assert admin.state(cluster_id) == "RUNNING"


def test_edit_of_a_running_cluster_restarts_it(admin: Client) -> None:
    """B4: an edit of a RUNNING cluster goes through RESTARTING."""
    cluster_id = admin.create_running()
    assert admin.post("2.1/clusters/edit", cluster_id=cluster_id, **SPEC).status == 200
    assert [admin.state(cluster_id) for _ in range(2)] == ["RESTARTING", "RUNNING"]


def test_edit_of_a_terminated_cluster_leaves_it_stopped(admin: Client) -> None:
    """B4: an edit of a TERMINATED cluster leaves it stopped."""
    cluster_id = admin.create_terminated()
    assert admin.post("2.1/clusters/edit", cluster_id=cluster_id, **{**SPEC, "num_workers": 5}).status == 200
    assert [admin.state(cluster_id) for _ in range(2)] == ["TERMINATED"] * 2
    assert admin.cluster(cluster_id)["num_workers"] == 5


def pending(client: Client) -> str:
    return client.create()


def restarting(client: Client) -> str:
    cluster_id = client.create_running()
    client.post("2.1/clusters/restart", cluster_id=cluster_id)
    return cluster_id


def resizing(client: Client) -> str:
    cluster_id = client.create_running()
    client.post("2.1/clusters/resize", cluster_id=cluster_id, num_workers=3)
    return cluster_id


def terminating(client: Client) -> str:
    cluster_id = client.create_running()
    client.post("2.1/clusters/delete", cluster_id=cluster_id)
    return cluster_id


@pytest.mark.parametrize("bring", [pending, restarting, resizing, terminating])
@pytest.mark.parametrize("action", ["edit", "start", "resize"])
def test_action_in_a_state_on_its_way_is_invalid(admin: Client, bring: Callable[[Client], str], action: str) -> None:
    """B3, B4: no start, resize or edit on the way to another state."""
    extra: dict[str, dict[str, Any]] = {"edit": SPEC, "resize": {"num_workers": 1}, "start": {}}
    reply = admin.post(f"2.1/clusters/{action}", cluster_id=bring(admin), **extra[action])
    assert (reply.status, reply.code) == (400, "INVALID_STATE")


def test_start_of_a_running_cluster_is_refused_in_the_service_s_words(admin: Client) -> None:
    """B3: start of a RUNNING cluster is refused."""
    cluster_id = admin.create_running()
    reply = admin.post("2.1/clusters/start", cluster_id=cluster_id)
    assert reply.message == f"Cluster {cluster_id} is in unexpected state Running."


def test_resize_of_a_terminated_cluster_is_refused(admin: Client) -> None:
    """B3: resize only when RUNNING."""
    reply = admin.post("2.1/clusters/resize", cluster_id=admin.create_terminated(), num_workers=3)
    assert reply.code == "INVALID_STATE"


def test_terminated_cluster_starts_again(admin: Client) -> None:
    cluster_id = admin.create_terminated()
    admin.post("2.1/clusters/start", cluster_id=cluster_id)
    assert [admin.state(cluster_id) for _ in range(2)] == ["PENDING", "RUNNING"]


def test_restart_of_a_terminated_cluster_does_nothing(admin: Client) -> None:
    """B3: restart when not RUNNING does nothing."""
    cluster_id = admin.create_terminated()
    assert admin.post("2.1/clusters/restart", cluster_id=cluster_id).status == 200
    assert admin.state(cluster_id) == "TERMINATED"


def test_delete_twice_is_success_and_the_reason_names_the_user(admin: Client) -> None:
    """B7: delete twice is success, and the reason carries the user."""
    cluster_id = admin.create_terminated()
    assert admin.post("2.1/clusters/delete", cluster_id=cluster_id).body == {}
    cluster = admin.cluster(cluster_id)
    assert cluster["state"] == "TERMINATED"
    assert cluster["termination_reason"] == {
        "code": "USER_REQUEST", "type": "SUCCESS", "parameters": {"username": "admin@example.test"}}


@pytest.mark.parametrize("bring", [pending, restarting, resizing])
def test_delete_stops_a_cluster_on_its_way_up(admin: Client, bring: Callable[[Client], str]) -> None:
    """B7: whatever is not down yet goes through TERMINATING."""
    cluster_id = bring(admin)
    assert admin.post("2.1/clusters/delete", cluster_id=cluster_id).body == {}
    assert [admin.state(cluster_id) for _ in range(3)] == ["TERMINATING", "TERMINATED", "TERMINATED"]


@pytest.mark.parametrize(("size", "problem"), [
    ({}, "Missing required field: size"), ({"num_workers": -1}, "num_workers must be between"),
    ({"num_workers": 1, "autoscale": {"min_workers": 1, "max_workers": 2}}, "Only one of num_workers and autoscale"),
    ({"autoscale": {"min_workers": 2, "max_workers": 2}}, "autoscale.max_workers (2)"),
], ids=str)
def test_resize_needs_one_good_size(admin: Client, size: dict[str, Any], problem: str) -> None:
    """B3, B11: a refused resize leaves the cluster running as it was."""
    cluster_id = admin.create_running()
    reply = admin.post("2.1/clusters/resize", cluster_id=cluster_id, **size)
    assert (reply.code, problem in reply.message) == ("INVALID_PARAMETER_VALUE", True)
    assert (admin.state(cluster_id), admin.cluster(cluster_id)["num_workers"]) == ("RUNNING", 2)


def test_resize_to_a_range_takes_the_place_of_a_number_and_back(admin: Client) -> None:
    cluster_id = admin.create_running()
    sizes: list[dict[str, Any]] = [{"autoscale": {"min_workers": 3, "max_workers": 4}}, {"num_workers": 1}]
    told = []
    for size in sizes:
        assert admin.post("2.1/clusters/resize", cluster_id=cluster_id, **size).body == {}
        assert [admin.state(cluster_id) for _ in range(2)] == ["RESIZING", "RUNNING"]
        told.append((admin.cluster(cluster_id)["num_workers"], admin.cluster(cluster_id).get("autoscale")))
        renamed = admin.post("2.1/clusters/update", cluster_id=cluster_id, update_mask="cluster_name", cluster={})
        assert (renamed.body, [admin.state(cluster_id) for _ in range(2)]) == ({}, ["RESTARTING", "RUNNING"])
    assert told == [(3, sizes[0]["autoscale"]), (1, None)]


def test_resize_changes_the_size_and_comes_back_to_running(admin: Client) -> None:
    cluster_id = resizing(admin)
    assert [admin.state(cluster_id) for _ in range(2)] == ["RESIZING", "RUNNING"]
    assert len(admin.cluster(cluster_id)["executors"]) == 3


def test_failed_start_ends_terminated_with_its_reason(workspace: Workspace, admin: Client) -> None:
    """B1: a start that fails ends TERMINATED with its reason."""
    workspace.fail_next_start(QUOTA)
    cluster_id = admin.create()
    assert [admin.state(cluster_id) for _ in range(3)] == ["PENDING", "TERMINATING", "TERMINATED"]
    cluster = admin.cluster(cluster_id)
    assert cluster["termination_reason"]["code"] == "AZURE_QUOTA_EXCEEDED_EXCEPTION"
    assert cluster["state_message"] == "The subscription's cores are used up"


def test_start_failure_strikes_the_named_cluster_and_so_often(workspace: Workspace, admin: Client) -> None:
    workspace.fail_next_start(QUOTA, cluster_name="ours", times=1)
    admin.create_running(cluster_name="theirs")
    failed = admin.create()
    assert [admin.state(failed) for _ in range(3)][-1] == "TERMINATED"
    admin.create_running()


def test_idle_cluster_terminates_by_itself(admin: Client, clock: FakeClock) -> None:
    cluster_id = admin.create_running(autotermination_minutes=30)
    clock.advance(30 * 60 - 1)
    assert admin.state(cluster_id) == "RUNNING"
    clock.advance(1)
    assert [admin.state(cluster_id) for _ in range(2)] == ["TERMINATING", "TERMINATED"]
    cluster = admin.cluster(cluster_id)
    assert cluster["state_message"] == "Inactive cluster terminated (inactive for 30 minutes)."
    assert cluster["termination_reason"] == {
        "code": "INACTIVITY", "type": "SUCCESS", "parameters": {"inactivity_duration_min": "30"}}


def test_cluster_without_autotermination_runs_on(admin: Client, clock: FakeClock) -> None:
    cluster_id = admin.create_running()
    clock.advance(10**7)
    assert admin.state(cluster_id) == "RUNNING"
