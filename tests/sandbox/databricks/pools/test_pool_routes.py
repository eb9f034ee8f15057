from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.mlflow.test_survival import restart, start
from tests.sandbox.databricks.pools.conftest import POOL, MakePool

OWNER = "owner@example.test"


def pool(client: Client, pool_id: str) -> dict[str, Any]:
    return dict(client.get("2.0/instance-pools/get", instance_pool_id=pool_id).body)


def test_pool_is_read_back_with_what_the_service_adds(admin: Client, make_pool: MakePool) -> None:
    pool_id = make_pool(custom_tags={"a": "b"}, min_idle_instances=2, max_capacity=5)
    body = pool(admin, pool_id)
    assert re.fullmatch(r"\d{4}-\d{6}-[a-z]+\d\d-pool-[0-9a-z]{8}", pool_id)
    assert body["default_tags"].keys() == {"Vendor", "DatabricksInstancePoolId", "DatabricksInstancePoolCreatorId"}
    assert {name: body[name] for name in ("instance_pool_id", "state", "custom_tags", "status")} == {
        "instance_pool_id": pool_id, "state": "ACTIVE", "custom_tags": {"a": "b"}, "status": {}}
    assert (body["azure_attributes"], body["idle_instance_autotermination_minutes"], body["stats"]) == (
        {"availability": "ON_DEMAND_AZURE", "spot_bid_max_price": -1.0}, 60,
        {"used_count": 0, "idle_count": 2, "pending_used_count": 0, "pending_idle_count": 0})


@pytest.mark.parametrize(("changes", "problem"), [
    ({"instance_pool_name": None}, "instance_pool_name must have between 1 and 100 characters, got 0"),
    ({"instance_pool_name": "n" * 101}, "instance_pool_name must have between 1 and 100 characters, got 101"),
    ({"instance_pool_name": "taken"}, "is already taken"),
    ({"node_type_id": None}, "Missing required field: node_type_id"),
    ({"node_type_id": "Standard_X"}, "Node type Standard_X is not supported"),
    ({"min_idle_instances": -1}, "min_idle_instances must not be negative"),
    ({"min_idle_instances": 3, "max_capacity": 2}, "max_capacity must be at least 1 and min_idle_instances (3)"),
    ({"max_capacity": 0}, "max_capacity must be at least 1"),
    ({"idle_instance_autotermination_minutes": 10_001}, "must be between 0 and 10000, got 10001"),
    ({"idle_instance_autotermination_minutes": -1}, "must be between 0 and 10000, got -1"),
    ({"custom_tags": {f"k{number}": "" for number in range(46)}}, "at most 45 tags"),
    ({"preloaded_spark_versions": ["15.4.x-scala2.12", "16.4.x-scala2.12"]}, "at most one is allowed"),
    ({"preloaded_spark_versions": ["99.x"]}, "Invalid spark version 99.x."),
])
def test_bad_pool_is_refused_by_name(admin: Client, make_pool: MakePool, changes: dict[str, Any],
                                     problem: str) -> None:
    make_pool(instance_pool_name="taken")
    reply = admin.post("2.0/instance-pools/create", **{**POOL, **changes})
    assert (reply.status, reply.code, problem in reply.message) == (400, "INVALID_PARAMETER_VALUE", True), reply


@pytest.mark.parametrize("fields", [
    {"instance_pool_name": "n"}, {"instance_pool_name": "n" * 100}, {"min_idle_instances": 3, "max_capacity": 3},
    {"max_capacity": 1}, {"idle_instance_autotermination_minutes": 0},
    {"idle_instance_autotermination_minutes": 10_000}, {"custom_tags": {f"k{number}": "" for number in range(45)}},
], ids=str)
def test_pool_at_a_limit_is_made(admin: Client, make_pool: MakePool, fields: dict[str, Any]) -> None:
    body = pool(admin, make_pool(**fields))
    assert {name: body[name] for name in fields} == fields


def test_pools_outlive_a_stop(tmp_path: Path) -> None:
    client = start(tmp_path)
    ids = [client.post("2.0/instance-pools/create", **{**POOL, "instance_pool_name": name}).body["instance_pool_id"]
           for name in ("a", "b", "c")]
    client.post("2.0/instance-pools/edit", instance_pool_id=ids[0], **{**POOL, "max_capacity": 3})
    client.post("2.0/instance-pools/delete", instance_pool_id=ids[1])
    before = client.get("2.0/instance-pools/list").body
    assert [row["instance_pool_name"] for row in before["instance_pools"]] == ["pool", "c"]
    assert restart(client, tmp_path).get("2.0/instance-pools/list").body == before


def test_edit_changes_all_but_the_machines(admin: Client, make_pool: MakePool) -> None:
    pool_id = make_pool(min_idle_instances=2, preloaded_spark_versions=["15.4.x-scala2.12"])
    assert admin.post("2.0/instance-pools/edit", instance_pool_id=pool_id, **{
        **POOL, "instance_pool_name": "new", "max_capacity": 9}).body == {}
    body = pool(admin, pool_id)
    assert (body["instance_pool_name"], body["max_capacity"], body["min_idle_instances"]) == ("new", 9, 0)
    assert body["preloaded_spark_versions"] == ["15.4.x-scala2.12"]


def test_node_type_of_a_pool_stays(admin: Client, make_pool: MakePool) -> None:
    reply = admin.post("2.0/instance-pools/edit", instance_pool_id=make_pool(), instance_pool_name="pool",
                       node_type_id="Standard_DS3_v2")
    assert (reply.code, "cannot be changed" in reply.message) == ("INVALID_PARAMETER_VALUE", True)


def test_deleted_pool_is_gone(admin: Client, make_pool: MakePool) -> None:
    pool_id = make_pool()
    assert admin.post("2.0/instance-pools/delete", instance_pool_id=pool_id).body == {}
    reply = admin.get("2.0/instance-pools/get", instance_pool_id=pool_id)
    assert (reply.status, reply.code) == (404, "RESOURCE_DOES_NOT_EXIST")
    assert reply.message == f"Can't find an instance pool with id: {pool_id}."
    assert admin.get("2.0/instance-pools/list").body == {}


def test_who_has_no_entitlement_makes_no_pool(owner: Client) -> None:
    reply = owner.post("2.0/instance-pools/create", **POOL)
    assert (reply.status, reply.code, reply.message) == (403, "PERMISSION_DENIED", (
        f"{OWNER} is not authorized to create instance pools. Please contact your administrator."))


def test_entitlement_of_a_group_lets_its_members_make_pools(workspace: Workspace, admin: Client, owner: Client) -> None:
    member = workspace.add_user(OWNER)
    group = workspace.add_group("makers", [member])
    admin.ask("PATCH", f"2.0/preview/scim/v2/Groups/{group.id}", {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "add", "path": "entitlements", "value": [{"value": "allow-instance-pool-create"}]}]})
    assert owner.post("2.0/instance-pools/create", **POOL).status == 200


def test_list_shows_pools_the_caller_may_attach_to(owner: Client, make_pool: MakePool) -> None:
    make_pool(instance_pool_name="others")
    pool_id = make_pool(user=OWNER)
    rows = owner.get("2.0/instance-pools/list").body["instance_pools"]
    assert [row["instance_pool_id"] for row in rows] == [pool_id]


@pytest.mark.parametrize(("path", "level", "status"), [
    ("get", "", 403), ("get", "CAN_ATTACH_TO", 200), ("edit", "CAN_ATTACH_TO", 403), ("edit", "CAN_MANAGE", 200),
    ("delete", "CAN_ATTACH_TO", 403), ("delete", "CAN_MANAGE", 200),
])
def test_each_call_needs_its_level(owner: Client, make_pool: MakePool, path: str, level: str, status: int) -> None:
    pool_id = make_pool(user=OWNER if level else "", level=level)
    method = "GET" if path == "get" else "POST"
    fields = {"instance_pool_id": pool_id, **(POOL if path == "edit" else {})}
    assert owner.ask(method, f"2.0/instance-pools/{path}", fields).status == status


def test_pool_is_named_in_each_call(admin: Client) -> None:
    assert admin.get("2.0/instance-pools/get").message == "Missing required field: instance_pool_id"
