from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steps.lib.config.locks import equal, fill, requests_of
from steps.lib.config.provenance import nested
from tests.steps.lib.documents import document, team_file

LOCKED = "locked to"
FORBIDDEN = "not allowed"


def filled(template: Any, wanted: Any) -> tuple[dict[str, Any], list[str]]:
    """The values that result and the findings, of a template and what a user wants below `cluster_parameters`."""
    user = document({"cluster_parameters": wanted})
    result = fill(team_file("cluster_config", template), requests_of(user, ("cluster_parameters",)))
    return nested(result.values), [str(finding) for finding in result.findings]


@pytest.mark.parametrize(("template", "wanted", "expected"), [
    pytest.param({}, {}, {}, id="absent-nothing"),
    pytest.param({}, {"a": 1}, FORBIDDEN, id="absent-value"),
    pytest.param({"a": None}, {}, {}, id="null-nothing"),
    pytest.param({"a": None}, {"a": 1}, {"a": 1}, id="null-value"),
    pytest.param({"a": None}, {"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 2}}, id="null-object"),
    pytest.param({"a": None}, {"a": [1, 2]}, {"a": [1, 2]}, id="null-list"),
    pytest.param({"a": 1}, {}, {"a": 1}, id="set-nothing"),
    pytest.param({"a": 1}, {"a": 1}, {"a": 1}, id="set-same"),
    pytest.param({"a": 1}, {"a": 2}, LOCKED, id="set-other"),
    pytest.param({"a": 1}, {"a": True}, LOCKED, id="set-true-is-not-one"),
    pytest.param({"a": False}, {"a": 0}, LOCKED, id="set-zero-is-not-false"),
    pytest.param({"a": 0}, {"a": 1}, LOCKED, id="set-zero-is-a-value"),
    pytest.param({"a": ""}, {"a": "x"}, LOCKED, id="set-empty-text-is-a-value"),
    pytest.param({"a": 1}, {"a": {"b": 1}}, LOCKED, id="set-object-in-place-of-value"),
    pytest.param({"a": [1, 2]}, {"a": [1, 2]}, {"a": [1, 2]}, id="list-same"),
    pytest.param({"a": [1, 2]}, {"a": [2, 1]}, LOCKED, id="list-other-order"),
    pytest.param({"a": []}, {"a": [1]}, LOCKED, id="list-empty-is-a-value"),
    pytest.param({"a": {"b": None}}, {}, {}, id="object-of-nulls-is-left-out"),
    pytest.param({"a": {"b": None}}, {"a": {}}, {}, id="object-wanted-empty"),
    pytest.param({"a": {"b": None}}, {"a": {"b": 1}}, {"a": {"b": 1}}, id="object-key-null"),
    pytest.param({"a": {"b": None}}, {"a": {"c": 1}}, FORBIDDEN, id="object-key-absent"),
    pytest.param({"a": {"b": None}}, {"a": 1}, "expected an object", id="value-in-place-of-object"),
    pytest.param({"a": {"b": 1, "c": None}}, {"a": {"c": 2}}, {"a": {"b": 1, "c": 2}}, id="object-half-locked"),
    pytest.param({"a": {"b": 1, "c": None}}, {"a": {"b": 2}}, LOCKED, id="object-key-set-other"),
    pytest.param({"a": {"b": {"c": 1}}}, {"a": {"b": {"c": 2}}}, LOCKED, id="deep-set-other"),
    pytest.param({"a": {"b": {"c": None}}}, {"a": {"b": {"d": 2}}}, FORBIDDEN, id="deep-absent"),
    pytest.param({}, {"spark_conf": {"x.y": "1"}}, FORBIDDEN, id="map-absent"),
    pytest.param({"spark_conf": None}, {"spark_conf": {"x.y": "1"}}, {"spark_conf": {"x.y": "1"}}, id="map-null"),
    pytest.param({"spark_conf": {}}, {"spark_conf": {"x.y": "1"}}, {"spark_conf": {"x.y": "1"}}, id="map-empty"),
    pytest.param({"spark_conf": {"k": "1"}}, {"spark_conf": {"x": "2"}}, {"spark_conf": {"k": "1", "x": "2"}},
                 id="map-other-key"),
    pytest.param({"spark_conf": {"k": "1"}}, {"spark_conf": {"k": "1"}}, {"spark_conf": {"k": "1"}}, id="map-same"),
    pytest.param({"spark_conf": {"k": "1"}}, {"spark_conf": {"k": "2"}}, LOCKED, id="map-locked-key"),
    pytest.param({"spark_conf": {"k": None}}, {"spark_conf": {"k": "2"}}, {"spark_conf": {"k": "2"}},
                 id="map-null-key"),
    pytest.param({"spark_conf": {"k": None}}, {}, {}, id="map-null-key-nothing"),
    pytest.param({"custom_tags": {}}, {"custom_tags": {"t": "1"}}, {"custom_tags": {"t": "1"}}, id="tags-are-open"),
    pytest.param({"spark_env_vars": {}}, {"spark_env_vars": {"V": "1"}}, {"spark_env_vars": {"V": "1"}},
                 id="variables-are-open"),
])
def test_a_template_filled_from_what_a_user_wants(template: Any, wanted: Any, expected: Any) -> None:
    values, findings = filled(template, wanted)
    if isinstance(expected, str):
        assert len(findings) == 1
        assert expected in findings[0]
    else:
        assert (values, findings) == (expected, [])


def test_a_violated_lock_names_file_line_path_value_and_the_team_file() -> None:
    _, findings = filled({"x": None, "autotermination_minutes": 60}, {"autotermination_minutes": 600})
    assert "".join(findings) == (
        "cluster_and_libraries_config.json:3: cluster_parameters.autotermination_minutes: "
        "got 600, locked to 60 by teams/data_science/cluster_config.json:3")


def test_every_value_knows_the_line_that_set_it() -> None:
    user = document({"cluster_parameters": {"b": 2, "spark_conf": {"x": "1"}}})
    template = team_file("cluster_config", {"a": 1, "b": None, "spark_conf": {"y": "2"}})
    result = fill(template, requests_of(user, ("cluster_parameters",)))
    assert {item.path: str(item.origin) for item in result.values} == {
        ("a",): "teams/data_science/cluster_config.json:2",
        ("spark_conf", "y"): "teams/data_science/cluster_config.json:5",
        ("b",): "cluster_and_libraries_config.json:3",
        ("spark_conf", "x"): "cluster_and_libraries_config.json:5",
    }


def test_a_repeated_lock_still_belongs_to_the_team() -> None:
    user = document({"cluster_parameters": {"a": 1}})
    result = fill(team_file("cluster_config", {"a": 1}), requests_of(user, ("cluster_parameters",)))
    assert [item.origin.file for item in result.values] == ["teams/data_science/cluster_config.json"]


def test_all_violations_are_reported() -> None:
    assert len(filled({"a": 1, "b": {"c": 2}}, {"a": 2, "b": {"c": 3}, "d": 4})[1]) == 3


plain = st.recursive(st.integers(0, 2) | st.booleans() | st.text("ab", max_size=1),
                     lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3), max_leaves=8)
objects = st.dictionaries(st.sampled_from("abc"), plain, max_size=3)


@settings(derandomize=True, deadline=None)
@given(objects, objects)
def test_no_request_ever_changes_a_locked_value(template: Any, wanted: Any) -> None:
    without_requests = nested(fill(team_file("cluster_config", template), []).values)
    assert filled(template, wanted)[0] == without_requests


@pytest.mark.parametrize(("one", "other", "same"), [
    pytest.param(1, 1.0, True, id="whole-and-decimal"),
    pytest.param(1, True, False, id="one-and-true"),
    pytest.param({"a": 1, "b": 2}, {"b": 2, "a": 1}, True, id="order-of-keys"),
    pytest.param([1, [True]], [1, [1]], False, id="nested-true"),
    pytest.param("a", "A", False, id="case"),
])
def test_json_equality(one: Any, other: Any, same: bool) -> None:
    assert equal(one, other) is same


def test_a_template_inside_a_template_is_named_by_its_true_line() -> None:
    template = team_file("jobs_config", {"tasks": [{"max_retries": 1, "run_if": None}]})
    user = document({"a": {"max_retries": 2, "run_if": "ALL_DONE", "b": 3}})
    result = fill(template, requests_of(user, ("a",)), ("tasks", 0))
    assert {item.path: str(item.origin).rpartition("/")[2] for item in result.values} == {
        ("max_retries",): "jobs_config.json:4", ("run_if",): "cluster_and_libraries_config.json:4"}
    problems = sorted(finding.problem for finding in result.findings)
    assert problems[0] == "got 2, locked to 1 by teams/data_science/jobs_config.json:4"
    assert problems[1].startswith("not allowed by teams/data_science/jobs_config.json, expected")


@pytest.mark.parametrize("template", [{}, {"tasks": None}], ids=["absent", "null"])
def test_without_a_template_inside_everything_is_open(template: Any) -> None:
    result = fill(team_file("jobs_config", template), requests_of(document({"a": {"b": 3}}), ("a",)), ("tasks", 0))
    assert (nested(result.values), result.findings) == ({"b": 3}, ())
