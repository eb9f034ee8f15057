from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.databricks.policies.definition import read_rules
from sandbox.databricks.policies.limits import filled, told, violations
from sandbox.databricks.policies.virtual_attributes import virtual_attributes


def problems(rules: dict[str, Any], spec: dict[str, Any], cluster_type: str = "all-purpose") -> str:
    return told(violations(read_rules(json.dumps(rules)), spec, virtual_attributes(spec, cluster_type)))


def fill(rules: dict[str, Any], spec: dict[str, Any], *, fixed: bool = True, defaults: bool = True) -> dict[str, Any]:
    return filled(spec, read_rules(json.dumps(rules)), with_fixed=fixed, with_defaults=defaults)


@pytest.mark.parametrize(("rule", "value", "problem"), [
    ({"type": "fixed", "value": 60}, 30, 'the value must be 60 (is "30")'),
    ({"type": "fixed", "value": True}, False, 'the value must be true (is "false")'),
    ({"type": "forbidden"}, "p", 'the value must not be present (is "p")'),
    ({"type": "allowlist", "values": ["a", "b"]}, "c", 'the value must be one of a, b (is "c")'),
    ({"type": "blocklist", "values": ["a", "b"]}, "b", 'the value must be none of a, b (is "b")'),
    ({"type": "regex", "pattern": "1[45]\\..*"}, "13.3.x", 'the value must match 1[45]\\..* (is "13.3.x")'),
    ({"type": "regex", "pattern": "a"}, "ab", 'the value must match a (is "ab")'),
    ({"type": "range", "minValue": 10, "maxValue": 60}, 61, 'the value must be at most 60 (is "61")'),
    ({"type": "range", "minValue": 10, "maxValue": 60}, 9, 'the value must be at least 10 (is "9")'),
    ({"type": "range", "minValue": 10}, 9.5, 'the value must be at least 10 (is "9.5")'),
    ({"type": "range", "maxValue": 60}, "x", 'the value must be a number (is "x")'),
    ({"type": "range", "maxValue": 60}, "nan", 'the value must be at most 60 (is "nan")'),
    ({"type": "unlimited"}, None, "the value must be present"),
    ({"type": "allowlist", "values": ["a"]}, None, "the value must be present"),
])
def test_each_limit_refuses_what_it_is_there_for(rule: dict[str, Any], value: object, problem: str) -> None:
    """B14: fixed, forbidden, allowlist, blocklist, regex, range and unlimited."""
    assert problems({"x": rule}, {"x": value}) == f"Validation failed for x, {problem}"


@pytest.mark.parametrize(("rule", "value"), [
    ({"type": "fixed", "value": 60}, 60), ({"type": "fixed", "value": 2.0}, 2),
    ({"type": "fixed", "value": True}, True),
    ({"type": "forbidden"}, None), ({"type": "allowlist", "values": ["a", 1]}, 1),
    ({"type": "blocklist", "values": ["a"]}, "b"), ({"type": "regex", "pattern": "1[45]\\..*"}, "14.3.x"),
    ({"type": "range", "minValue": 10, "maxValue": 60}, 10), ({"type": "range", "minValue": 10}, 11),
    ({"type": "range", "maxValue": 60}, 60),
    ({"type": "unlimited"}, "anything"), ({"type": "unlimited", "isOptional": True}, None),
    ({"type": "range", "maxValue": 5, "isOptional": True}, None),
])
def test_each_limit_lets_the_rest_pass(rule: dict[str, Any], value: object) -> None:
    assert problems({"x": rule}, {"x": value}) == ""


@pytest.mark.parametrize(("rules", "spec", "message"), [
    ({"custom_tags.team": {"type": "fixed", "value": "data"}}, {"custom_tags": {"team": "web"}},
     'custom_tags.team, the value must be data (is "web")'),
    ({"driver_node_type_id": {"type": "fixed", "value": "A"}}, {"node_type_id": "A", "driver_node_type_id": "B"},
     'driver_node_type_id, the value must be A (is "B")'),
    ({"spark_env_vars.X": {"type": "forbidden"}}, {"spark_env_vars": {"X": "1"}},
     'spark_env_vars.X, the value must not be present (is "1")'),
], ids=["tag", "driver", "variable"])
def test_violation_names_what_was_sent(rules: dict[str, Any], spec: dict[str, Any], message: str) -> None:
    """B14: a value that is there is told, whatever else could stand for it."""
    assert problems(rules, spec) == f"Validation failed for {message}"


def test_all_violations_are_one_message() -> None:
    """B14: one combined message, in the words of a real one."""
    rules = {"spark_conf.spark.a": {"type": "fixed", "value": True},
             "driver_node_type_id": {"type": "fixed", "value": "B"}, "custom_tags.team": {"type": "unlimited"}}
    assert problems(rules, {"node_type_id": "A"}) == (
        "Validation failed for spark_conf, spark.a must be present; "
        'Validation failed for driver_node_type_id, the value must be B (is "A"); '
        "Validation failed for custom_tags, team must be present")


def test_values_of_open_maps_are_compared_as_text() -> None:
    rules = {"spark_conf.a": {"type": "fixed", "value": True}, "spark_env_vars.b": {"type": "range", "maxValue": 3}}
    assert problems(rules, {"spark_conf": {"a": "true"}, "spark_env_vars": {"b": "3"}}) == ""


def test_each_element_of_a_list_is_looked_at() -> None:
    rules = {"init_scripts.*.dbfs.destination": {"type": "forbidden"}}
    spec = {"init_scripts": [{"volumes": {}}, {"dbfs": {"destination": "/x"}}]}
    assert problems(rules, spec).startswith("Validation failed for init_scripts.1.dbfs.destination, ")


def test_rule_for_one_element_goes_before_that_for_all() -> None:
    rules = {"keys.*": {"type": "forbidden"}, "keys.0": {"type": "fixed", "value": "a"}}
    assert problems(rules, {"keys": ["a"]}) == ""
    assert "keys.1" in problems(rules, {"keys": ["a", "b"]})


@pytest.mark.parametrize(("cluster_type", "problem"), [
    ("job", 'Validation failed for cluster_type, the value must be all-purpose (is "job")'), ("all-purpose", ""),
])
def test_kind_of_cluster_is_an_attribute(cluster_type: str, problem: str) -> None:
    """B14: the virtual attribute cluster_type."""
    assert problems({"cluster_type": {"type": "fixed", "value": "all-purpose"}}, {}, cluster_type) == problem


@pytest.mark.parametrize(("size", "fits"), [
    ({"num_workers": 1}, True), ({"num_workers": 2}, False),
    ({"autoscale": {"min_workers": 1, "max_workers": 2}}, False),
])
def test_cost_of_all_machines_is_an_attribute(size: dict[str, Any], fits: bool) -> None:
    """B14: the virtual attribute dbus_per_hour; 4 cores of 0.1875 each for a Standard_DS3_v2."""
    spec = {"node_type_id": "Standard_DS3_v2", **size}
    assert (problems({"dbus_per_hour": {"type": "range", "maxValue": 1.5}}, spec) == "") is fits


def test_fixed_values_and_defaults_are_filled_in() -> None:
    """B14: what apply_policy_default_values does."""
    rules = {"autotermination_minutes": {"type": "range", "maxValue": 60, "defaultValue": 30},
             "spark_conf.a": {"type": "fixed", "value": True}, "runtime_engine": {"type": "fixed", "value": "PHOTON"}}
    assert fill(rules, {}) == {
        "autotermination_minutes": 30, "spark_conf": {"a": "true"}, "runtime_engine": "PHOTON"}


def test_defaults_are_filled_in_only_where_asked_for() -> None:
    rules = {"autotermination_minutes": {"type": "unlimited", "defaultValue": 30}, "x": {"type": "fixed", "value": 1}}
    assert fill(rules, {}, defaults=False) == {"x": 1}
    assert fill(rules, {}, fixed=False, defaults=False) == {}


def test_what_the_request_says_is_never_overwritten() -> None:
    spec = {"a": 0, "spark_conf": {"b": ""}, "c": False}
    rules = {path: {"type": "fixed", "value": 9} for path in ("a", "spark_conf.b", "c")}
    assert fill(rules, spec) == spec


@pytest.mark.parametrize(("path", "spec"), [
    ("num_workers", {"autoscale": {"min_workers": 1, "max_workers": 2}}), ("autoscale.min_workers", {"num_workers": 1}),
    ("node_type_id", {"instance_pool_id": "p"}), ("azure_attributes.availability", {"instance_pool_id": "p"}),
    ("dbus_per_hour", {}), ("init_scripts.*.dbfs.destination", {}),
])
def test_nothing_is_filled_in_beside_what_excludes_it(path: str, spec: dict[str, Any]) -> None:
    assert fill({path: {"type": "unlimited", "defaultValue": 1}}, spec) == spec


def test_request_itself_is_left_alone() -> None:
    spec: dict[str, Any] = {"spark_conf": {}}
    fill({"spark_conf.a": {"type": "fixed", "value": 1}}, spec)
    assert spec == {"spark_conf": {}}
