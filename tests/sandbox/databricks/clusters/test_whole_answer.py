"""The whole answer of clusters/get, field by field, as a cluster goes up and down."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.clock import FakeClock
from tests.sandbox.databricks.conftest import SPEC, Client

ADMIN = "admin@example.test"


def machine(cluster_id: str, number: int, started: int) -> dict[str, Any]:
    return {"node_id": f"{cluster_id}-{number}", "instance_id": f"{cluster_id}-{number}",
            "private_ip": f"10.139.0.{number + 4}", "start_timestamp": started}


def always(cluster_id: str, started: int) -> dict[str, Any]:
    """What is told in every state."""
    return {
        **SPEC, "cluster_id": cluster_id, "creator_user_name": ADMIN, "cluster_source": "API", "spec": SPEC,
        "driver_node_type_id": "Standard_DS3_v2", "autotermination_minutes": 0, "enable_elastic_disk": True,
        "enable_local_disk_encryption": False, "disk_spec": {}, "init_scripts_safe_mode": False,
        "runtime_engine": "STANDARD", "effective_spark_version": SPEC["spark_version"],
        "azure_attributes": {"first_on_demand": 1, "availability": "ON_DEMAND_AZURE", "spot_bid_max_price": -1.0},
        "default_tags": {"Vendor": "Databricks", "Creator": ADMIN, "ClusterName": "ours", "ClusterId": cluster_id},
        "instance_source": {"node_type_id": "Standard_DS3_v2"},
        "driver_instance_source": {"node_type_id": "Standard_DS3_v2"}, "jdbc_port": 10000,
        "start_time": started, "last_restarted_time": started, "last_state_loss_time": started,
    }


def test_cluster_is_told_field_by_field(admin: Client, clock: FakeClock) -> None:
    """B5: nothing is lost, and nothing comes besides."""
    started = int(clock.now() * 1000)
    cluster_id = admin.create()
    whole = always(cluster_id, started)
    assert admin.cluster(cluster_id) == {
        **whole, "state": "PENDING",
        "state_message": "Finding instances for new nodes, acquiring more instances if necessary"}
    running = admin.cluster(cluster_id)
    assert running == {
        **whole, "state": "RUNNING", "state_message": "", "spark_context_id": running["spark_context_id"],
        "cluster_cores": 12.0, "cluster_memory_mb": 3 * 14336, "driver": machine(cluster_id, 0, started),
        "executors": [machine(cluster_id, number, started) for number in (1, 2)]}
    admin.post("2.1/clusters/delete", cluster_id=cluster_id)
    clock.advance(60)
    reason = {"code": "USER_REQUEST", "type": "SUCCESS", "parameters": {"username": ADMIN}}
    down = {**whole, "spark_context_id": running["spark_context_id"], "state_message": "Terminated by user",
            "termination_reason": reason}
    assert admin.cluster(cluster_id) == {**down, "state": "TERMINATING"}
    assert admin.cluster(cluster_id) == {**down, "state": "TERMINATED", "terminated_time": started}


def test_machines_are_told_while_their_number_changes(admin: Client) -> None:
    cluster_id = admin.create_running()
    admin.post("2.1/clusters/resize", cluster_id=cluster_id, num_workers=4)
    resizing = admin.cluster(cluster_id)
    assert (resizing["state"], "driver" in resizing, "spark_context_id" in resizing) == ("RESIZING", True, True)


def test_driver_of_another_type_counts_with_its_own_cores_and_memory(admin: Client) -> None:
    cluster_id = admin.create_running(driver_node_type_id="Standard_DS4_v2")
    cluster = admin.cluster(cluster_id)
    assert (cluster["cluster_cores"], cluster["cluster_memory_mb"]) == (8.0 + 2 * 4.0, 28672 + 2 * 14336)
    assert cluster["driver_instance_source"] == {"node_type_id": "Standard_DS4_v2"}
    assert cluster["instance_source"] == {"node_type_id": "Standard_DS3_v2"}


@pytest.mark.parametrize(("asked", "engine"), [
    ({"spark_version": "15.4.x-photon-scala2.12"}, "PHOTON"), ({"runtime_engine": "PHOTON"}, "PHOTON"),
    ({}, "STANDARD")])
def test_engine_is_that_of_the_runtime_unless_it_was_named(admin: Client, asked: dict[str, Any], engine: str) -> None:
    assert admin.cluster(admin.create(**asked))["runtime_engine"] == engine


def test_empty_workspace_lists_no_clusters_in_either_version(admin: Client) -> None:
    """B9: an empty list is no bad page."""
    replies = [admin.get(f"{version}/clusters/list") for version in ("2.0", "2.1")]
    assert [(reply.status, reply.body.get("clusters", [])) for reply in replies] == [(200, [])] * 2
