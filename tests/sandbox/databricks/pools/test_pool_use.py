from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from tests.sandbox.databricks.conftest import SPEC, Client, Reply
from tests.sandbox.databricks.pools.conftest import POOL, MakePool

OWNER = "owner@example.test"
WITHOUT_NODES: dict[str, Any] = {**SPEC, "node_type_id": None}


def create(client: Client, pool_id: str, **changes: Any) -> Reply:
    return client.post("2.1/clusters/create", **{**WITHOUT_NODES, "instance_pool_id": pool_id, **changes})


def stats(client: Client, pool_id: str) -> dict[str, int]:
    return dict(client.get("2.0/instance-pools/get", instance_pool_id=pool_id).body["stats"])


def test_cluster_of_a_pool_needs_no_node_type(owner: Client, make_pool: MakePool) -> None:
    """B2: node type is not required with instance_pool_id; the cluster has that of the pool."""
    pool_id = make_pool(user=OWNER)
    cluster = owner.cluster(create(owner, pool_id).body["cluster_id"])
    assert (cluster["instance_pool_id"], cluster["node_type_id"]) == (pool_id, "Standard_DS4_v2")
    assert "node_type_id" not in cluster["spec"]


@pytest.mark.parametrize("field", ["node_type_id", "driver_node_type_id"])
def test_node_type_is_refused_beside_a_pool(admin: Client, make_pool: MakePool, field: str) -> None:
    reply = create(admin, make_pool(), **{field: "Standard_DS4_v2"})
    assert reply.code == "INVALID_PARAMETER_VALUE"
    assert reply.message == f"The field '{field}' cannot be supplied when an instance pool ID is provided."


def test_driver_may_come_from_another_pool(admin: Client, make_pool: MakePool) -> None:
    driver = make_pool(instance_pool_name="driver", node_type_id="Standard_DS3_v2")
    made = create(admin, make_pool(), driver_instance_pool_id=driver)
    cluster = admin.cluster(made.body["cluster_id"])
    assert (cluster["node_type_id"], cluster["driver_node_type_id"]) == ("Standard_DS4_v2", "Standard_DS3_v2")


def test_pool_of_the_driver_alone_is_refused(admin: Client, make_pool: MakePool) -> None:
    reply = admin.post("2.1/clusters/create", **SPEC, driver_instance_pool_id=make_pool())
    assert "together with instance_pool_id" in reply.message


def test_unknown_pool_is_refused(admin: Client) -> None:
    reply = create(admin, "0322-114546-rinse33-pool-0123abcd")
    assert (reply.status, reply.code) == (404, "RESOURCE_DOES_NOT_EXIST")


def test_pool_needs_the_right_to_attach_to_it(owner: Client, make_pool: MakePool) -> None:
    reply = create(owner, make_pool())
    assert (reply.status, reply.code) == (403, "PERMISSION_DENIED")


def test_cluster_of_a_pool_can_be_edited_in_part(admin: Client, make_pool: MakePool) -> None:
    pool_id = make_pool()
    cluster_id = create(admin, pool_id).body["cluster_id"]
    assert [admin.state(cluster_id), admin.state(cluster_id)] == ["PENDING", "RUNNING"]
    reply = admin.post("2.1/clusters/update", cluster_id=cluster_id, update_mask="num_workers",
                       cluster={"num_workers": 5})
    cluster = admin.cluster(cluster_id)
    assert (reply.status, cluster["num_workers"], cluster["node_type_id"]) == (200, 5, "Standard_DS4_v2")


def test_cluster_leaves_its_pool_by_an_edit(admin: Client, make_pool: MakePool) -> None:
    cluster_id = create(admin, make_pool()).body["cluster_id"]
    assert [admin.state(cluster_id), admin.state(cluster_id)] == ["PENDING", "RUNNING"]
    assert admin.post("2.1/clusters/edit", **SPEC, cluster_id=cluster_id).status == 200
    assert "instance_pool_id" not in admin.cluster(cluster_id)


def test_stats_count_the_machines_of_its_clusters(admin: Client, make_pool: MakePool) -> None:
    pool_id = make_pool(min_idle_instances=1)
    cluster_id = create(admin, pool_id, num_workers=3).body["cluster_id"]
    assert stats(admin, pool_id)["pending_used_count"] == 4
    admin.state(cluster_id)
    assert stats(admin, pool_id) == {"used_count": 4, "idle_count": 1, "pending_used_count": 0,
                                     "pending_idle_count": 0}


@pytest.mark.parametrize(("actions", "used", "pending"), [
    (["restart"], 0, 3), (["resize"], 4, 0), (["delete"], 3, 0), (["delete", ""], 0, 0)], ids=str)
def test_stats_follow_the_state_of_the_cluster(
        admin: Client, make_pool: MakePool, actions: list[str], used: int, pending: int) -> None:
    pool_id = make_pool()
    cluster_id = create(admin, pool_id, num_workers=2).body["cluster_id"]
    assert [admin.state(cluster_id), admin.state(cluster_id)] == ["PENDING", "RUNNING"]
    for action in actions:
        if action:
            assert admin.post(f"2.1/clusters/{action}", cluster_id=cluster_id, num_workers=3).body == {}
        else:
            assert [admin.state(cluster_id), admin.state(cluster_id)] == ["TERMINATING", "TERMINATED"]
    told = stats(admin, pool_id)
    assert (told["used_count"], told["pending_used_count"], told["pending_idle_count"]) == (used, pending, 0)


def test_stats_count_the_driver_where_it_comes_from(admin: Client, make_pool: MakePool) -> None:
    pool_id, driver = make_pool(), make_pool(instance_pool_name="driver")
    create(admin, pool_id, num_workers=3, driver_instance_pool_id=driver)
    assert [stats(admin, which)["pending_used_count"] for which in (pool_id, driver)] == [3, 1]


def ended(client: Client, cluster_id: str) -> str:
    """Why the cluster did not come up."""
    for _ in range(4):
        cluster = client.cluster(cluster_id)
    assert cluster["state"] == "TERMINATED"
    assert cluster["termination_reason"]["type"] == "CLIENT_ERROR"
    return str(cluster["termination_reason"]["code"])


def test_pool_gives_no_more_than_it_may_have(admin: Client, make_pool: MakePool) -> None:
    """B1: a start that fails ends in TERMINATED with its reason."""
    pool_id = make_pool(max_capacity=6)
    first, second = (create(admin, pool_id, num_workers=number).body["cluster_id"] for number in (3, 2))
    assert [admin.state(first), admin.state(first)] == ["PENDING", "RUNNING"]
    assert ended(admin, second) == "INSTANCE_POOL_MAX_CAPACITY_REACHED"


def test_pool_gives_all_that_it_may_have(admin: Client, make_pool: MakePool) -> None:
    cluster_id = create(admin, make_pool(max_capacity=4), num_workers=3).body["cluster_id"]
    assert [admin.state(cluster_id), admin.state(cluster_id)] == ["PENDING", "RUNNING"]
    admin.post("2.1/clusters/restart", cluster_id=cluster_id)
    assert [admin.state(cluster_id), admin.state(cluster_id)] == ["RESTARTING", "RUNNING"]


def test_cluster_does_not_start_without_its_pool(admin: Client, make_pool: MakePool) -> None:
    pool_id = make_pool()
    cluster_id = create(admin, pool_id).body["cluster_id"]
    admin.post("2.1/clusters/delete", cluster_id=cluster_id)
    assert admin.state(cluster_id) in {"TERMINATING", "TERMINATED"}
    admin.state(cluster_id)
    admin.post("2.0/instance-pools/delete", instance_pool_id=pool_id)
    assert admin.post("2.1/clusters/start", cluster_id=cluster_id).status == 200
    assert ended(admin, cluster_id) == "INSTANCE_POOL_NOT_FOUND"


def test_pools_are_there_again_after_a_restart(tmp_path: Path) -> None:
    def opened() -> Client:
        clock = FakeClock()
        workspace = Workspace("dev", tenant=Tenant(clock=clock), clock=clock, folder=tmp_path)
        return Client(workspace, workspace.token)

    first = opened()
    pool_id = first.post("2.0/instance-pools/create", **POOL, custom_tags={"a": "b"}).body["instance_pool_id"]
    first.post("2.0/instance-pools/edit", instance_pool_id=pool_id, **POOL, max_capacity=4)
    assert opened().get("2.0/instance-pools/list") == first.get("2.0/instance-pools/list")
    assert opened().post("2.0/instance-pools/create", **POOL).code == "INVALID_PARAMETER_VALUE"
