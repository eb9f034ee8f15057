from __future__ import annotations

from typing import Any

import pytest

from steps.lib.cluster.difference import COMPARED, Change, differences

DESIRED: dict[str, Any] = {
    "cluster_name": "local-churn-x",
    "spark_version": "16.4.x-scala2.12",
    "node_type_id": "Standard_DS3_v2",
    "autoscale": {"min_workers": 1, "max_workers": 4},
    "autotermination_minutes": 60,
    "custom_tags": {"repo": "churn", "branch": "x"},
    "data_security_mode": "USER_ISOLATION",
}
STATUS = {"cluster_id": "c", "state": "RUNNING", "creator_user_name": "sp", "default_tags": {"Vendor": "Databricks"},
          "spark_context_id": 5, "start_time": 1, "cluster_source": "API", "cluster_cores": 4.0}


def paths(desired: dict[str, Any], present: dict[str, Any]) -> list[str]:
    return [change.path for change in differences(desired, present)]


def test_the_same_cluster_has_no_difference() -> None:
    assert differences(DESIRED, DESIRED | STATUS) == []


@pytest.mark.parametrize("filled", [
    pytest.param({"driver_node_type_id": "Standard_DS3_v2"}, id="driver like the workers"),
    pytest.param({"azure_attributes": {"first_on_demand": 1, "availability": "ON_DEMAND_AZURE",
                                       "spot_bid_max_price": -1.0}}, id="azure defaults"),
    pytest.param({"enable_elastic_disk": True}, id="elastic disk"),
    pytest.param({"enable_local_disk_encryption": False}, id="false"),
    pytest.param({"init_scripts": [], "ssh_public_keys": [], "spark_conf": {}}, id="empty values"),
    pytest.param({"runtime_engine": "STANDARD"}, id="standard engine"),
    pytest.param({"num_workers": 2}, id="present size of an autoscaling cluster"),
    pytest.param({"spark_conf": {"spark.databricks.delta.preview.enabled": "true"}}, id="spark conf default"),
    pytest.param({"spark_env_vars": {"PYSPARK_PYTHON": "/databricks/python3/bin/python3"}}, id="env default"),
    pytest.param({"workload_type": {"clients": {"notebooks": True, "jobs": True}}}, id="workload default"),
    pytest.param({"data_security_mode": "DATA_SECURITY_MODE_STANDARD"}, id="alias of the access mode"),
])
def test_what_the_workspace_fills_in_is_no_difference(filled: dict[str, Any]) -> None:
    assert paths(DESIRED, {**DESIRED, **STATUS, **filled}) == []


@pytest.mark.parametrize(("by_hand", "path"), [
    pytest.param({"autotermination_minutes": 600}, "autotermination_minutes", id="changed number"),
    pytest.param({"autoscale": {"min_workers": 1, "max_workers": 9}}, "autoscale.max_workers", id="changed size"),
    pytest.param({"spark_conf": {"spark.a": "1"}}, 'spark_conf["spark.a"]', id="added spark conf"),
    pytest.param({"custom_tags": {"repo": "churn", "branch": "x", "owner": "me"}}, "custom_tags.owner", id="added tag"),
    pytest.param({"driver_node_type_id": "Standard_DS5_v2"}, "driver_node_type_id", id="bigger driver"),
    pytest.param({"azure_attributes": {"availability": "SPOT_AZURE"}}, "azure_attributes.availability", id="spot"),
    pytest.param({"init_scripts": [{"workspace": {"destination": "/x"}}]}, "init_scripts", id="init script"),
    pytest.param({"enable_local_disk_encryption": True}, "enable_local_disk_encryption", id="encryption"),
    pytest.param({"data_security_mode": "NONE"}, "data_security_mode", id="access mode"),
    pytest.param({"runtime_engine": "PHOTON"}, "runtime_engine", id="photon"),
    pytest.param({"policy_id": "p"}, "policy_id", id="policy"),
    pytest.param({"cluster_name": "mine"}, "cluster_name", id="renamed"),
])
def test_what_someone_changed_by_hand_is_a_difference(by_hand: dict[str, Any], path: str) -> None:
    assert paths(DESIRED, {**DESIRED, **STATUS, **by_hand}) == [path]


def test_change_by_hand_is_seen_also_where_spec_tells_it() -> None:
    edited = {**DESIRED, "spark_conf": {"spark.a": "1"}}
    assert paths(DESIRED, {**edited, "spec": edited}) == ['spark_conf["spark.a"]']


def test_what_is_not_in_spec_was_filled_in_by_the_workspace() -> None:
    present = {**DESIRED, "spark_conf": {"spark.a": "1"}, "kind": "OTHER", "single_user_name": "x"}
    assert paths(DESIRED, {**present, "spec": DESIRED}) == []


def test_what_the_workspace_rewrote_is_no_difference() -> None:
    assert paths(DESIRED, {**DESIRED, "node_type_id": "standard_ds3_v2", "spec": DESIRED}) == []


def test_resize_by_hand_is_a_difference_although_spec_keeps_the_old_size() -> None:
    resized = {**DESIRED, "autoscale": {"min_workers": 2, "max_workers": 4}}
    assert paths(DESIRED, {**resized, "spec": DESIRED}) == ["autoscale.min_workers"]


def test_autoscale_replaced_by_a_fixed_size_is_seen() -> None:
    fixed = {key: value for key, value in DESIRED.items() if key != "autoscale"} | {"num_workers": 3}
    assert paths(DESIRED, fixed) == ["autoscale.max_workers", "autoscale.min_workers"]
    assert paths(fixed, DESIRED) == ["autoscale.max_workers", "autoscale.min_workers", "num_workers"]


def test_no_workers_is_not_the_same_as_no_size() -> None:
    single = {**DESIRED, "num_workers": 0}
    del single["autoscale"]
    assert paths(single, {**single, "num_workers": 2}) == ["num_workers"]


def test_removed_value_is_seen() -> None:
    present = {**DESIRED, "spark_env_vars": {"A": "1"}}
    assert differences(DESIRED, present) == [Change("spark_env_vars.A", "1", None)]


def test_photon_key_equals_plain_key_with_the_engine() -> None:
    wanted = {**DESIRED, "runtime_engine": "PHOTON"}
    assert paths(wanted, {**DESIRED, "spark_version": "16.4.x-photon-scala2.12"}) == []


def test_numbers_and_booleans_in_spark_conf_are_compared_as_texts() -> None:
    wanted = {**DESIRED, "spark_conf": {"a": True, "b": 1}}
    assert paths(wanted, {**DESIRED, "spark_conf": {"a": "true", "b": "1"}}) == []


def test_never_terminating_is_the_same_as_no_termination() -> None:
    wanted = {key: value for key, value in DESIRED.items() if key != "autotermination_minutes"}
    assert paths(wanted, {**wanted, "autotermination_minutes": 0}) == []


def test_tag_that_got_a_prefix_is_found() -> None:
    wanted = {**DESIRED, "custom_tags": {"Vendor": "us"}}
    assert paths(wanted, {**DESIRED, "custom_tags": {"x_Vendor": "us"}}) == []


def test_tag_whose_own_name_begins_like_the_prefix_is_no_false_alarm() -> None:
    wanted = {**DESIRED, "custom_tags": {"x_a": "1", "a": "2"}}
    assert paths(wanted, wanted) == []


@pytest.mark.parametrize("mode", ["SINGLE_USER", "USER_ISOLATION"])
def test_automatic_access_mode_takes_what_the_workspace_chose(mode: str) -> None:
    wanted = {**DESIRED, "data_security_mode": "DATA_SECURITY_MODE_AUTO"}
    assert paths(wanted, {**DESIRED, "data_security_mode": mode, "single_user_name": "sp"}) == []


def test_machines_of_a_pool_are_its_own_business() -> None:
    wanted = {key: value for key, value in DESIRED.items() if key != "node_type_id"} | {"instance_pool_id": "p"}
    present = {**DESIRED, "instance_pool_id": "p", "driver_instance_pool_id": "p",
               "azure_attributes": {"availability": "SPOT_AZURE"}}
    assert paths(wanted, present) == []


@pytest.mark.parametrize("key", ['spark_conf["fs.azure.account.key.x"]', "spark_env_vars.DB_PASSWORD"])
def test_a_secret_that_someone_put_there_by_hand_is_not_printed(key: str) -> None:
    assert str(Change(key, "hunter2", None)) == f"{key}: (not shown) -> (none)"


def test_a_reference_to_a_secret_is_printed() -> None:
    assert "{{secrets/a/b}}" in str(Change("spark_env_vars.TOKEN", None, "{{secrets/a/b}}"))


def test_tags_are_printed_whatever_they_are_called() -> None:
    assert str(Change("custom_tags.key", "a", "b")) == 'custom_tags.key: "a" -> "b"'


def test_status_fields_are_not_compared() -> None:
    assert not set(STATUS) & set(COMPARED)
