"""clusters/update: what a mask may name, and what it does."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.databricks.clusters.update_mask import mask_of, masked
from sandbox.databricks.errors import ApiError
from tests.sandbox.databricks.conftest import SPEC, Client

AZURE = {"first_on_demand": 1, "availability": "SPOT_AZURE"}


def test_update_changes_only_what_the_mask_names(admin: Client) -> None:
    cluster_id = admin.create_running(custom_tags={"a": "b"})
    body = {"cluster": {"num_workers": 4, "cluster_name": "not in the mask"}, "update_mask": "num_workers,custom_tags"}
    assert admin.post("2.1/clusters/update", cluster_id=cluster_id, **body).status == 200
    cluster = admin.cluster(cluster_id)
    assert (cluster["spec"], cluster["state"]) == ({**SPEC, "num_workers": 4}, "RESTARTING")


def test_update_of_a_pending_cluster_is_refused(admin: Client) -> None:
    """B4: a partial edit has the state rules of a whole one."""
    reply = admin.post("2.1/clusters/update", cluster_id=admin.create(), update_mask="cluster_name", cluster={})
    assert reply.code == "INVALID_STATE"


def test_update_is_checked_like_an_edit(admin: Client) -> None:
    cluster_id = admin.create_running()
    reply = admin.post("2.1/clusters/update", cluster_id=cluster_id, update_mask="spark_version", cluster={})
    assert (reply.message, admin.state(cluster_id)) == ("Missing required field: spark_version", "RUNNING")


@pytest.mark.parametrize(("mask", "wanted", "changed"), [
    ("cluster_name", {"cluster_name": "b"}, {"cluster_name": "b"}),
    ("autoscale.max_workers", {"autoscale": {"max_workers": 9, "min_workers": 7}},
     {"autoscale": {"min_workers": 1, "max_workers": 9}}),
    ("azure_attributes.availability", {"azure_attributes": {}}, {"azure_attributes": {"first_on_demand": 1}}),
    ("azure_attributes.availability, azure_attributes.first_on_demand", {}, {"azure_attributes": None}),
    ("workload_type.clients.jobs", {"workload_type": {"clients": {"jobs": True}}},
     {"workload_type": {"clients": {"jobs": True}}}),
    ("num_workers", {"num_workers": 3}, {"num_workers": 3, "autoscale": None}),
    ("num_workers", {}, {}), ("num_workers", {"num_workers": 3, "autoscale": {}}, {"num_workers": 3}),
    ("spark_conf", {"spark_conf": {"a": "b"}}, {"spark_conf": {"a": "b"}}),
], ids=lambda value: value if isinstance(value, str) else "")
def test_mask_reaches_into_objects(mask: str, wanted: dict[str, Any], changed: dict[str, Any]) -> None:
    spec = {"cluster_name": "a", "autoscale": {"min_workers": 1, "max_workers": 2}, "azure_attributes": AZURE}
    expected = {name: value for name, value in {**spec, **changed}.items() if value is not None}
    assert masked(spec, wanted, mask_of(mask)) == expected
    assert spec["azure_attributes"] == AZURE


def test_star_replaces_everything() -> None:
    assert masked({"cluster_name": "a"}, {"num_workers": 1}, mask_of("*")) == {"num_workers": 1}


@pytest.mark.parametrize("mask", [
    "", " , ", "cluster_nam", "spark_conf.a", "init_scripts.0", "cluster_name.x", "autoscale.mean", "*,num_workers"])
def test_mask_that_cannot_be_followed_is_refused(mask: str) -> None:
    with pytest.raises(ApiError) as refused:
        masked({}, {}, mask_of(mask))
    assert refused.value.error_code == "INVALID_PARAMETER_VALUE"
