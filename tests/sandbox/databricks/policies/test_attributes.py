from __future__ import annotations

from typing import Any

import pytest

from sandbox.databricks.policies.attributes import elements, put, steps_of, value_at

SPEC: dict[str, Any] = {
    "num_workers": 2, "spark_conf": {"spark.a.b": "1"}, "azure_attributes": {"availability": "SPOT_AZURE"},
    "init_scripts": [{"volumes": {"destination": "/a"}}, {"workspace": {"destination": "/b"}}],
    "cluster_log_conf": {"dbfs": {"destination": "dbfs:/logs"}},
}


@pytest.mark.parametrize(("path", "value"), [
    ("num_workers", 2), ("spark_conf.spark.a.b", "1"), ("azure_attributes.availability", "SPOT_AZURE"),
    ("init_scripts.0.volumes.destination", "/a"), ("init_scripts.2.volumes.destination", None),
    ("cluster_log_conf.type", "DBFS"), ("cluster_log_conf.path", "dbfs:/logs"), ("num_workers.a", None),
    ("cluster_log_conf.dbfs.destination", "dbfs:/logs"),
    ("init_scripts.x", None), ("spark_conf.spark", None),
])
def test_path_leads_to_its_value(path: str, value: object) -> None:
    assert value_at(SPEC, steps_of(path)) == value


@pytest.mark.parametrize(("path", "spec"), [
    ("spark_conf.spark.a", {"spark_conf": {"spark.a": "v"}}),
    ("azure_attributes.availability", {"azure_attributes": {"availability": "v"}}),
    ("init_scripts.0.dbfs.destination", {"init_scripts": [{"dbfs": {"destination": "v"}}]}),
    ("ssh_public_keys.0", {"ssh_public_keys": ["v"]}),
    ("cluster_log_conf.path", {"cluster_log_conf": {"dbfs": {"destination": "v"}}}),
    ("cluster_log_conf.type", {"cluster_log_conf": {"v": {}}}),
    ("cluster_log_conf.s3.region", {"cluster_log_conf": {"s3": {"region": "v"}}}),
])
def test_value_is_put_where_its_path_leads(path: str, spec: dict[str, Any]) -> None:
    empty: dict[str, Any] = {}
    put(empty, steps_of(path), "v")
    assert empty == spec


@pytest.mark.parametrize("spec", [{}, {"cluster_log_conf": None}, {"cluster_log_conf": {}}], ids=repr)
@pytest.mark.parametrize("path", ["cluster_log_conf.type", "cluster_log_conf.path"])
def test_log_that_goes_nowhere_has_neither_kind_nor_path(spec: dict[str, Any], path: str) -> None:
    assert value_at(spec, steps_of(path)) is None


def test_kind_of_a_log_is_changed_around_its_path() -> None:
    spec: dict[str, Any] = {"cluster_log_conf": {"dbfs": {"destination": "/a"}}}
    put(spec, steps_of("cluster_log_conf.type"), "VOLUMES")
    assert spec == {"cluster_log_conf": {"volumes": {"destination": "/a"}}}


@pytest.mark.parametrize("path", ["num_workers.a.b", "init_scripts.7.dbfs", "init_scripts.x.y"])
def test_nothing_is_put_where_no_way_leads(path: str) -> None:
    spec: dict[str, Any] = {"num_workers": 2, "init_scripts": []}
    put(spec, steps_of(path), "v")
    assert spec == {"num_workers": 2, "init_scripts": []}


def test_star_stands_for_every_element() -> None:
    assert elements(SPEC, steps_of("init_scripts.*.volumes.destination")) == [
        ("init_scripts", "0", "volumes", "destination"), ("init_scripts", "1", "volumes", "destination")]


def test_star_stands_for_nothing_where_there_is_no_list() -> None:
    assert elements({}, steps_of("init_scripts.*.volumes")) == []
