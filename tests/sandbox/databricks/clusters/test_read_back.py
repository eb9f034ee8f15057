"""What was asked of a cluster is what is told of it."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.databricks.fields import fields_of
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import SPEC, Client

# What excludes another field of this list has a test of its own.
EXCLUDED = {"autoscale", "instance_pool_id", "driver_instance_pool_id", "policy_id", "is_single_node"}
WHOLE: dict[str, Any] = {
    **SPEC, "autotermination_minutes": 60, "custom_tags": {"cost": "1"}, "data_security_mode": "SINGLE_USER",
    "single_user_name": "anna@example.test", "spark_conf": {"a": "b"}, "spark_env_vars": {"X": "1"},
    "ssh_public_keys": ["ssh-rsa A"], "driver_node_type_id": "Standard_DS4_v2", "enable_elastic_disk": False,
    "enable_local_disk_encryption": True, "runtime_engine": "PHOTON", "kind": "CLASSIC_PREVIEW",
    "use_ml_runtime": False, "dependency_mode": "DEPENDENCY_MODE_AUTO", "remote_disk_throughput": 5,
    "total_initial_remote_disk_size": 100,
    "cluster_log_conf": {"volumes": {"destination": "/Volumes/a/b/logs"}},
    "init_scripts": [{"workspace": {"destination": "/Shared/a.sh"}}, {"abfss": {"destination": "abfss://c@a/b.sh"}}],
    "docker_image": {"url": "registry.example.test/image"},
    "workload_type": {"clients": {"jobs": True, "notebooks": False}},
    "azure_attributes": {"availability": "SPOT_WITH_FALLBACK_AZURE", "first_on_demand": 2, "spot_bid_max_price": 0.5},
    "aws_attributes": {"zone_id": "us-west-2a"}, "gcp_attributes": {"zone_id": "europe-west1-b"},
    "driver_node_type_flexibility": {"alternate_node_type_ids": ["Standard_DS5_v2"]},
    "worker_node_type_flexibility": {"alternate_node_type_ids": ["Standard_DS5_v2"]},
}


def test_whole_specification_names_every_field() -> None:
    assert WHOLE.keys() | EXCLUDED == fields_of("UpdateClusterResource").keys()


@pytest.mark.parametrize("field", sorted(WHOLE))
def test_every_accepted_field_is_read_back(strict_workspace: Workspace, field: str) -> None:
    """B5: after an edit as after a create, and it goes away with the next edit."""
    client = Client(strict_workspace, strict_workspace.token)
    created, edited = client.create(**WHOLE), client.create_terminated()
    assert client.post("2.1/clusters/edit", cluster_id=edited, **WHOLE).status == 200
    assert [client.cluster(cluster_id)[field] for cluster_id in (created, edited)] == [WHOLE[field]] * 2
    client.post("2.1/clusters/edit", cluster_id=edited, **SPEC)
    cluster = client.cluster(edited)
    assert cluster.get(field) == SPEC.get(field) or cluster.get(field) != WHOLE[field]


def test_autoscaling_is_read_back(admin: Client) -> None:
    """B5: and a later edit to a fixed size leaves nothing of it."""
    size = {"autoscale": {"min_workers": 1, "max_workers": 4}}
    sizeless = {name: value for name, value in SPEC.items() if name != "num_workers"}
    cluster_id = admin.create_terminated()
    admin.post("2.1/clusters/edit", cluster_id=cluster_id, **sizeless, **size)
    assert admin.cluster(cluster_id)["autoscale"] == size["autoscale"]
    admin.post("2.1/clusters/edit", cluster_id=cluster_id, **SPEC)
    assert "autoscale" not in admin.cluster(cluster_id)


def test_simple_form_fills_in_what_it_stands_for(admin: Client) -> None:
    """B11: without a size only as a single node, which has the settings of one."""
    sizeless = {name: value for name, value in SPEC.items() if name != "num_workers"}
    reply = admin.post("2.1/clusters/create", **sizeless, kind="CLASSIC_PREVIEW", is_single_node=True,
                       custom_tags={"a": "b"})
    cluster = admin.cluster(reply.body["cluster_id"])
    assert (cluster["num_workers"], cluster["custom_tags"]) == (0, {"a": "b", "ResourceClass": "SingleNode"})
    assert cluster["spark_conf"] == {"spark.databricks.cluster.profile": "singleNode", "spark.master": "local[*]"}


@pytest.mark.parametrize(("node", "shown"), [
    ("Standard_DS3_v2", "15.4.x-cpu-ml-scala2.12"), ("Standard_NC4as_T4_v3", "15.4.x-gpu-ml-scala2.12")])
def test_ml_runtime_of_the_simple_form_follows_the_node_type(admin: Client, node: str, shown: str) -> None:
    cluster_id = admin.create(kind="CLASSIC_PREVIEW", use_ml_runtime=True, node_type_id=node)
    cluster = admin.cluster(cluster_id)
    assert (cluster["effective_spark_version"], cluster["spark_version"]) == (shown, SPEC["spark_version"])


def test_dedicated_cluster_belongs_to_who_asked_for_it(admin: Client, owner: Client) -> None:
    """B12: single_user_name is filled in with the caller, of an edit, too."""
    cluster_id = owner.create(data_security_mode="DATA_SECURITY_MODE_DEDICATED")
    assert admin.cluster(cluster_id)["single_user_name"] == "owner@example.test"
    admin.state(cluster_id)
    admin.post("2.1/clusters/edit", cluster_id=cluster_id, **SPEC, data_security_mode="DATA_SECURITY_MODE_DEDICATED")
    assert owner.cluster(cluster_id)["single_user_name"] == "admin@example.test"


def test_start_and_restart_are_told_with_their_times(admin: Client) -> None:
    clock = admin.workspace.state.clock
    cluster_id = admin.create_running()
    started = admin.cluster(cluster_id)
    clock.advance(60)  # type: ignore[attr-defined]
    admin.post("2.1/clusters/restart", cluster_id=cluster_id)
    restarted = admin.cluster(cluster_id)
    assert started["start_time"] == started["last_restarted_time"] == restarted["start_time"]
    assert restarted["last_restarted_time"] == started["start_time"] + 60_000


def test_zones_are_told_though_azure_has_none(admin: Client) -> None:
    assert admin.get("2.1/clusters/list-zones").body == {"zones": [], "default_zone": ""}
