from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.databricks.clusters.cluster_rules import check_spec
from sandbox.databricks.errors import ApiError
from tests.sandbox.databricks.conftest import SPEC, Client

SINGLE_NODE = {"spark_conf": {"spark.databricks.cluster.profile": "singleNode", "spark.master": "local[*]"},
               "custom_tags": {"ResourceClass": "SingleNode"}, "num_workers": 0}


ML = "15.4.x-cpu-ml-scala2.12"


def without(name: str, **more: Any) -> dict[str, Any]:
    return {**{key: value for key, value in SPEC.items() if key != name}, **more}


@pytest.mark.parametrize(("spec", "problem"), [
    (without("spark_version"), "Missing required field: spark_version"),
    (without("num_workers"), "Missing required field: size"),
    (without("node_type_id"), "Missing required field: node_type_id"),
    ({**SPEC, "spark_version": "99.9.x-scala2.12"}, "Invalid spark version 99.9.x-scala2.12."),
    ({**SPEC, "node_type_id": "Standard_X"}, "Node type Standard_X is not supported. Supported node types: Standard_"),
    ({**SPEC, "driver_node_type_id": "Standard_X"}, "Node type Standard_X is not supported"),
    ({**SPEC, "autoscale": {"min_workers": 1, "max_workers": 2}}, "Only one of num_workers and autoscale"),
    ({**SPEC, "num_workers": -1}, "num_workers must be between 0 and 100000, got -1"),
    ({**SPEC, "num_workers": 100_001}, "num_workers must be between 0 and 100000"),
    ({**SPEC, "num_workers": 0}, "NumWorkers could be 0 only for SingleNode clusters."),
    (without("num_workers", autoscale={"min_workers": 2, "max_workers": 2}), "autoscale.max_workers (2)"),
    (without("num_workers", autoscale={"min_workers": 2}), "Missing required field: autoscale.max_workers"),
    (without("num_workers", autoscale={"max_workers": 2}), "Missing required field: autoscale.min_workers"),
    ({**SPEC, "autotermination_minutes": 9}, "autotermination_minutes must be 0 or between 10 and 10000, got 9"),
    ({**SPEC, "autotermination_minutes": 5}, "autotermination_minutes must be 0 or between 10 and 10000"),
    ({**SPEC, "autotermination_minutes": 10_001}, "autotermination_minutes must be 0 or between 10 and 10000"),
    ({**SPEC, "custom_tags": {f"k{number}": "" for number in range(46)}}, "at most 45 tags"),
    ({**SPEC, "custom_tags": {"a/b": "c"}}, "the key 'a/b'"),
    ({**SPEC, "custom_tags": {"": "c"}}, "the key '' is empty"),
    *(({**SPEC, "custom_tags": {key: "c"}}, f"the key {key!r}")
      for key in ("<", ">", "*", "&", "%", ";", "\\", "+", "?")),
    ({**SPEC, "custom_tags": {"k" * 513: "c"}}, "longer than 512"),
    ({**SPEC, "custom_tags": {"a": "c" * 257}}, "the value of 'a' is longer than 256"),
    ({**SPEC, "ssh_public_keys": ["k"] * 11}, "ssh_public_keys: at most 10"),
    ({**SPEC, "init_scripts": [{}] * 11}, "init_scripts: at most 10"),
    ({**SPEC, "instance_pool_id": "p"}, "The field 'node_type_id' cannot be supplied when an instance pool ID is"),
    *((without("node_type_id", instance_pool_id="p", **{name: value}), f"The field '{name}' cannot be supplied when")
      for name, value in (("driver_node_type_id", "Standard_DS3_v2"), ("azure_attributes", {"first_on_demand": 1}),
                          ("enable_elastic_disk", True))),
    ({**SPEC, "spark_version": "15.4.x-photon-scala2.12", "runtime_engine": "STANDARD"}, "conflicts with"),
    *(({**SPEC, name: True}, f"{name} is only allowed with kind CLASSIC_PREVIEW")
      for name in ("is_single_node", "use_ml_runtime")),
    *(({**SPEC, "spark_version": ML, "data_security_mode": mode}, f"does not support {told} security mode")
      for mode, told in (("USER_ISOLATION", "User Isolation"), ("DATA_SECURITY_MODE_STANDARD", "User Isolation"),
                         ("LEGACY_TABLE_ACL", "Legacy Table Acl"))),
    *(({**SPEC, "azure_attributes": {"spot_bid_max_price": price}}, "spot_bid_max_price must be greater than 0, or -1")
      for price in (0, 0.0, -0.5, -2)),
    ({**SPEC, "kind": "CLASSIC_PREVIEW", "use_ml_runtime": True, "data_security_mode": "USER_ISOLATION"},
     "Selected runtime version does not support User Isolation security mode"),
    (without("num_workers", kind="CLASSIC_PREVIEW", is_single_node=True, autoscale={"min_workers": 2}),
     "Missing required field: autoscale.max_workers"),
    ({**SPEC, "num_workers": -1, "kind": "CLASSIC_PREVIEW", "is_single_node": True}, "num_workers must be between"),
])
def test_bad_specification_is_refused_by_name(spec: dict[str, Any], problem: str) -> None:
    """B2, B11: each refusal names the field."""
    with pytest.raises(ApiError) as refused:
        check_spec(spec)
    assert (refused.value.status, refused.value.error_code) == (400, "INVALID_PARAMETER_VALUE")
    assert problem in refused.value.message


@pytest.mark.parametrize("spec", [
    SPEC, {**SPEC, **SINGLE_NODE}, without("num_workers", kind="CLASSIC_PREVIEW", is_single_node=True),
    without("num_workers", autoscale={"min_workers": 0, "max_workers": 1}),
    {**SPEC, "autotermination_minutes": 10}, {**SPEC, "custom_tags": {"k" * 512: "v" * 256}},
    {**SPEC, "spark_version": "custom:ours"}, {**SPEC, "runtime_engine": "PHOTON"},
    {**SPEC, "spark_version": "15.4.x-photon-scala2.12", "runtime_engine": "PHOTON"},
    without("node_type_id", instance_pool_id="p", enable_elastic_disk=False), {**SPEC, "runtime_engine": "STANDARD"},
    {**SPEC, "num_workers": 0, "kind": "CLASSIC_PREVIEW", "is_single_node": True},
    {**SPEC, "custom_tags": {f"k{number}": "" for number in range(45)}}, {**SPEC, "num_workers": 100_000},
    {**SPEC, "ssh_public_keys": ["k"] * 10}, {**SPEC, "init_scripts": [{}] * 10},
    {**SPEC, "autotermination_minutes": 10_000}, {**SPEC, "autotermination_minutes": 0},
    *({**SPEC, "spark_version": ML, "data_security_mode": mode}
      for mode in ("SINGLE_USER", "NONE", "DATA_SECURITY_MODE_AUTO")),
    {**SPEC, "data_security_mode": "USER_ISOLATION", "kind": "CLASSIC_PREVIEW", "use_ml_runtime": False},
    *({**SPEC, "azure_attributes": {"spot_bid_max_price": price}} for price in (-1, -1.0, 0.01)),
    {**SPEC, "azure_attributes": {"first_on_demand": 1}},
], ids=range(26))
def test_good_specification_passes(spec: dict[str, Any]) -> None:
    check_spec(spec)


@pytest.mark.parametrize("part", ["spark_conf", "custom_tags"])
def test_single_node_needs_its_conf_and_its_tag(part: str) -> None:
    spec = {**SPEC, **SINGLE_NODE}
    del spec[part]
    with pytest.raises(ApiError, match=r"only for SingleNode"):
        check_spec(spec)


@pytest.mark.parametrize("runtime", [{"spark_version": ML}, {"spark_version": None}], ids=["asked", "by default"])
def test_policy_that_keeps_users_apart_takes_no_ml_runtime(admin: Client, runtime: dict[str, Any]) -> None:
    """B14: what a policy fills in is looked at like what was asked for."""
    definition = {"data_security_mode": {"type": "fixed", "value": "USER_ISOLATION"},
                  "spark_version": {"type": "unlimited", "defaultValue": ML}}
    policy = admin.post("2.0/policies/clusters/create", name="apart", definition=json.dumps(definition)).body
    spec = {name: value for name, value in {**SPEC, **runtime}.items() if value is not None}
    reply = admin.post("2.1/clusters/create", **spec, **policy, apply_policy_default_values=True)
    assert reply.message == "Selected runtime version does not support User Isolation security mode"
