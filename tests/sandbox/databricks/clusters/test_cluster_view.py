from __future__ import annotations

from typing import Any

import pytest

from sandbox.databricks.clusters.cluster_view import access_mode
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import SPEC, Client


def test_service_fills_in_what_was_not_asked(admin: Client) -> None:
    cluster_id = admin.create(azure_attributes={"first_on_demand": 2})
    cluster = admin.cluster(cluster_id)
    assert cluster["driver_node_type_id"] == "Standard_DS3_v2"
    assert cluster["azure_attributes"] == {
        "first_on_demand": 2, "availability": "ON_DEMAND_AZURE", "spot_bid_max_price": -1.0}
    assert cluster["default_tags"] == {
        "Vendor": "Databricks", "Creator": "admin@example.test", "ClusterName": "ours", "ClusterId": cluster_id}
    assert (cluster["cluster_source"], cluster["creator_user_name"]) == ("API", "admin@example.test")


def test_azure_attributes_are_told_though_none_were_asked(admin: Client) -> None:
    assert admin.cluster(admin.create())["azure_attributes"] == {
        "first_on_demand": 1, "availability": "ON_DEMAND_AZURE", "spot_bid_max_price": -1.0}


def test_ml_runtime_that_was_named_stays_what_it_is(admin: Client) -> None:
    key = "15.4.x-cpu-ml-scala2.12"
    cluster_id = admin.create(kind="CLASSIC_PREVIEW", use_ml_runtime=True, spark_version=key)
    assert admin.cluster(cluster_id)["effective_spark_version"] == key


def test_spec_holds_only_what_was_asked_and_list_has_none(admin: Client) -> None:
    """B9: spec is absent in the list, present in get."""
    cluster_id = admin.create(idempotency_token="t", apply_policy_default_values=True)
    assert admin.cluster(cluster_id)["spec"] == {**SPEC, "apply_policy_default_values": True}
    row = admin.get("2.1/clusters/list").body["clusters"][0]
    assert (row["cluster_id"], "spec" in row, "apply_policy_default_values" in row) == (cluster_id, False, False)


def test_machines_are_shown_only_while_it_runs(admin: Client) -> None:
    cluster_id = admin.create()
    assert "driver" not in admin.cluster(cluster_id)
    running = admin.cluster(cluster_id)
    assert (len(running["executors"]), running["cluster_cores"]) == (2, 12.0)


def test_autoscaling_cluster_begins_with_its_fewest_workers(admin: Client) -> None:
    spec = {key: value for key, value in SPEC.items() if key != "num_workers"}
    reply = admin.post("2.1/clusters/create", **spec, autoscale={"min_workers": 3, "max_workers": 5})
    assert admin.cluster(reply.body["cluster_id"])["num_workers"] == 3


@pytest.mark.parametrize(("asked", "shown"), [
    ({"data_security_mode": "DATA_SECURITY_MODE_DEDICATED"}, "SINGLE_USER"),
    *(({"data_security_mode": "DATA_SECURITY_MODE_AUTO", "spark_version": f"{version}.x-scala2.12"}, shown)
      for version, shown in (("13.3", "SINGLE_USER"), ("14.2", "SINGLE_USER"), ("14.3", "USER_ISOLATION"),
                             ("15.0", "USER_ISOLATION"))),
    ({"data_security_mode": "DATA_SECURITY_MODE_AUTO", "spark_version": "19.x-scala2.13"}, "USER_ISOLATION"),
    ({"data_security_mode": "DATA_SECURITY_MODE_STANDARD"}, "USER_ISOLATION"),
    ({"data_security_mode": "NONE"}, "NONE"), ({}, None),
    ({"data_security_mode": "DATA_SECURITY_MODE_AUTO"}, "USER_ISOLATION"),
    ({"data_security_mode": "DATA_SECURITY_MODE_AUTO", "spark_version": "15.4.x-cpu-ml-scala2.12"}, "SINGLE_USER"),
    ({"data_security_mode": "DATA_SECURITY_MODE_AUTO", "spark_version": "13.3.x-scala2.12"}, "SINGLE_USER"),
    ({"data_security_mode": "DATA_SECURITY_MODE_AUTO", "node_type_id": "Standard_NC4as_T4_v3"}, "SINGLE_USER"),
])
def test_access_mode_is_told_by_its_old_name(asked: dict[str, Any], shown: str | None) -> None:
    """B12: aliases come back under their old names."""
    assert access_mode({**SPEC, **asked}) == shown


@pytest.mark.parametrize(("asked", "shown"), [("", "admin@example.test"), ("anna@example.test", "anna@example.test")])
def test_dedicated_cluster_names_its_user(admin: Client, asked: str, shown: str) -> None:
    """B12: single_user_name is filled in."""
    cluster_id = admin.create(data_security_mode="SINGLE_USER", single_user_name=asked)
    assert admin.cluster(cluster_id)["single_user_name"] == shown


@pytest.mark.parametrize(("asked", "shown"), [
    ("DATA_SECURITY_MODE_DEDICATED", "SINGLE_USER"), ("DATA_SECURITY_MODE_STANDARD", "USER_ISOLATION"),
    ("DATA_SECURITY_MODE_AUTO", "USER_ISOLATION"), ("NONE", "NONE"), (None, None)])
def test_every_answer_tells_the_old_name_of_the_mode(admin: Client, asked: str | None, shown: str | None) -> None:
    """B12: get and list tell the old name, and `spec` the one that was asked for."""
    cluster = admin.cluster(admin.create(data_security_mode=asked))
    row, = admin.get("2.1/clusters/list").body["clusters"]
    assert [told.get("data_security_mode") for told in (cluster, row, cluster["spec"])] == [shown, shown, asked]
    assert cluster.get("single_user_name") == ("admin@example.test" if shown == "SINGLE_USER" else None)


def test_dedicated_cluster_that_nobody_asked_for_by_name_belongs_to_its_creator(
        workspace: Workspace, admin: Client) -> None:
    """B12: single_user_name is told, wherever the cluster came from."""
    cluster_id, = workspace.add_foreign_clusters(1, owner="anna@example.test", data_security_mode="SINGLE_USER")
    assert admin.cluster(cluster_id)["single_user_name"] == "anna@example.test"


def test_cluster_of_a_run_has_tags_that_name_it(workspace: Workspace, admin: Client) -> None:
    cluster_id = admin.create()
    before = admin.cluster(cluster_id)["default_tags"]
    with workspace.state.lock:
        workspace.state.clusters[cluster_id].run_tags = {"RunName": "nightly", "JobId": "17"}
    assert admin.cluster(cluster_id)["default_tags"] == {**before, "RunName": "nightly", "JobId": "17"}
