from __future__ import annotations

from typing import Any

import pytest

from steps.lib.cluster.rules import contradictions, gaps
from steps.lib.config.provenance import Origin, SetValue
from steps.lib.json_files.json_path import JsonPath
from tests.steps.lib.documents import PRODUCT, document

PRODUCT_FILE = document({"cluster_parameters": {}})
TEAM = Origin("teams/data_science/cluster_config.json", 9)
USER = Origin(PRODUCT, 4)


def values(data: dict[str, Any], origin: Origin = USER, top: JsonPath = ()) -> list[SetValue]:
    return [one for key, value in data.items() for one in (
        values(value, origin, (*top, key)) if isinstance(value, dict) else [SetValue((*top, key), value, origin)])]


def told(items: list[SetValue]) -> list[str]:
    return [str(finding) for finding in contradictions(PRODUCT_FILE, items)]


@pytest.mark.parametrize(("data", "words"), [
    pytest.param({"autoscale": {"min_workers": 4, "max_workers": 2}}, "got min_workers 4 and max_workers 2, expected "
                 "max_workers above min_workers", id="bounds-crossed"),
    pytest.param({"autoscale": {"min_workers": 2, "max_workers": 2}}, "for a fixed size use num_workers", id="equal"),
    pytest.param({"num_workers": 2, "autoscale": {"min_workers": 1, "max_workers": 2}}, "got 2, but "
                 "cluster_and_libraries_config.json:4 sets autoscale, expected one of the two", id="two-sizes"),
    pytest.param({"autotermination_minutes": 5}, "got 5, expected 10 to 10000, or 0 for never", id="minutes"),
    pytest.param({"instance_pool_id": "p", "node_type_id": "n"}, "node_type_id: cannot stand beside instance_pool_id",
                 id="pool"),
    pytest.param({"spark_version": "16.4.x-cpu-ml-scala2.12", "data_security_mode": "USER_ISOLATION"},
                 "cannot run in access mode 'USER_ISOLATION'", id="ml-in-standard-mode"),
    pytest.param({"custom_tags": {"a%b": "x"}}, "tag key with '%', which Azure refuses", id="tag-key"),
    pytest.param({"custom_tags": {"": "x"}}, "expected a key of 1 to 512 characters", id="tag-key-empty"),
    pytest.param({"custom_tags": {"a": "x" * 257}}, "tag value of 257 characters", id="tag-value-long"),
    pytest.param({"custom_tags": {"a": "語"}}, "expected characters of Latin-1", id="tag-value-unicode"),
    pytest.param({"custom_tags": {"a": "1", "A": "2"}}, "differs from 'a'", id="tags-by-case"),
    pytest.param({"custom_tags": {f"t{n}": "x" for n in range(46)}}, "46 tags, expected at most 45", id="many-tags"),
])
def test_a_contradiction_is_told_once(data: dict[str, Any], words: str) -> None:
    findings = told(values(data))
    assert len(findings) == 1
    assert words in findings[0]


@pytest.mark.parametrize("data", [
    pytest.param({"autoscale": {"min_workers": 1, "max_workers": 2}}, id="autoscale"),
    pytest.param({"num_workers": 0, "autotermination_minutes": 0}, id="zeros"),
    pytest.param({"autotermination_minutes": 10}, id="ten-minutes"),
    pytest.param({"spark_version": "16.4.x-cpu-ml-scala2.12", "data_security_mode": "SINGLE_USER"}, id="ml-dedicated"),
    pytest.param({"spark_version": "16.4.x-scala2.12", "data_security_mode": "USER_ISOLATION"}, id="plain-standard"),
    pytest.param({"custom_tags": {"cost center": "größe"}}, id="latin-1-tag"),
])
def test_what_goes_together_is_not_told(data: dict[str, Any]) -> None:
    assert told(values(data)) == []


def test_a_contradiction_with_the_team_stands_at_the_users_value() -> None:
    items = [*values({"autoscale": {"min_workers": 8}}, TEAM), *values({"autoscale": {"max_workers": 4}})]
    assert told(items)[0].startswith("cluster_and_libraries_config.json:4: cluster_parameters.autoscale.max_workers:")


def test_a_contradiction_within_the_team_stands_in_its_file() -> None:
    items = values({"autoscale": {"min_workers": 8, "max_workers": 4}}, TEAM)
    assert told(items)[0].startswith("teams/data_science/cluster_config.json:9: autoscale.max_workers:")


def test_a_bound_the_team_leaves_open_is_asked_of_the_user() -> None:
    team = values({"autoscale": {"min_workers": 1}, "policy_id": "p", "spark_version": "x"}, TEAM)
    assert "".join(map(str, gaps(PRODUCT_FILE, team))) == (
        "cluster_and_libraries_config.json:2: cluster_parameters.autoscale: "
        "'max_workers' is missing beside 'min_workers' of teams/data_science/cluster_config.json:9; add it")


@pytest.mark.parametrize(("data", "missing"), [
    pytest.param({}, ["'node_type_id' is missing", "'spark_version' is missing", "the size is missing"], id="nothing"),
    pytest.param({"spark_version": "x", "policy_id": "p"}, [], id="a-policy-fills"),
    pytest.param({"spark_version": "x", "instance_pool_id": "p", "num_workers": 0}, [], id="a-pool-has-machines"),
    pytest.param({"spark_version": "x", "node_type_id": "n", "autoscale": {"min_workers": 1}},
                 ["'max_workers' is missing beside 'min_workers' of"], id="one-bound"),
    pytest.param({"spark_version": "x", "node_type_id": "n", "autoscale": {"min_workers": 1}, "num_workers": 2}, [],
                 id="one-bound-beside-a-fixed-size-is-another-mistake"),
])
def test_what_nobody_set_is_told(data: dict[str, Any], missing: list[str]) -> None:
    found = [finding.problem for finding in gaps(PRODUCT_FILE, values(data))]
    assert len(found) == len(missing)
    assert all(problem.startswith(start) for problem, start in zip(found, missing, strict=True))
