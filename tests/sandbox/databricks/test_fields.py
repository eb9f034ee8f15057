from __future__ import annotations

from typing import Any

import pytest

from sandbox.databricks.errors import ApiError
from sandbox.databricks.fields import read_body, read_query


def test_unknown_fields_and_enum_values_are_dropped_by_default() -> None:
    """B13: the default mode ignores unknown keys."""
    body = {"node_type_id": "a", "nodetype": "b", "autoscale": {"mode": "x", "min_workers": 1},
            "runtime_engine": "PHOTONIC", "kind": None}
    read = read_body("clusters/create", body, strict=False)
    assert read == {"node_type_id": "a", "autoscale": {"min_workers": 1}}


@pytest.mark.parametrize(("body", "path"), [
    ({"nodetype": "b"}, "'nodetype'"),
    ({"autoscale": {"mode": "x"}}, "'autoscale.mode'"),
    ({"init_scripts": [{"volumes": {"dest": "/x"}}]}, "'init_scripts[0].volumes.dest'"),
    ({"runtime_engine": "PHOTONIC"}, "runtime_engine"),
    ({"azure_attributes": {"availability": "ALWAYS"}}, "azure_attributes.availability"),
], ids=["field", "nested", "in a list", "enum", "nested enum"])
def test_strict_mode_refuses_the_unknown_with_its_path(body: dict[str, Any], path: str) -> None:
    """B13: strict mode rejects unknown keys."""
    with pytest.raises(ApiError) as refused:
        read_body("clusters/create", body, strict=True)
    assert refused.value.error_code == "INVALID_PARAMETER_VALUE"
    assert path in refused.value.message


@pytest.mark.parametrize(("body", "problem"), [
    ({"num_workers": "2"}, "num_workers - expected a int"), ({"num_workers": 2**63}, "num_workers - expected a int"),
    ({"num_workers": True}, "num_workers - expected a int"),
    ({"num_workers": 1.5}, "num_workers - expected a int"),
    ({"autoscale": []}, "autoscale - expected a map"),
    ({"custom_tags": {"a": 1}}, "custom_tags.a - expected a str"),
    ({"ssh_public_keys": "x"}, "ssh_public_keys - expected a list"),
    ({"enable_elastic_disk": 1}, "enable_elastic_disk - expected a bool"),
    ({"spark_version": {}}, "spark_version - expected a str"),
])
def test_wrong_type_is_malformed_in_either_mode(body: dict[str, Any], problem: str) -> None:
    with pytest.raises(ApiError) as refused:
        read_body("clusters/create", body, strict=False)
    assert (refused.value.status, refused.value.error_code) == (400, "MALFORMED_REQUEST")
    assert refused.value.message.endswith(problem)


@pytest.mark.parametrize(("text", "read"), [("9007199254740993", {"job_id": 2**53 + 1}), ("-1", {"job_id": -1})])
def test_ids_may_come_as_text(text: str, read: dict[str, int]) -> None:
    assert read_body("jobs/run-now", {"job_id": text}, strict=True) == read


@pytest.mark.parametrize("text", ["", "1.5", "0x1", "9" * 30, "\u0661"])
def test_an_id_as_text_is_still_a_number(text: str) -> None:
    with pytest.raises(ApiError, match="job_id - expected a int"):
        read_body("jobs/run-now", {"job_id": text}, strict=False)


@pytest.mark.parametrize("text", ["true", "True", "TRUE"])
def test_query_booleans_come_in_any_case(text: str) -> None:
    """A4: and A5, dotted and repeated keys."""
    query = {"filter_by.is_pinned": [text], "filter_by.cluster_states": ["RUNNING", "PENDING"], "page_size": ["7"]}
    assert read_query("clusters/list", query, strict=True) == {
        "filter_by": {"is_pinned": True, "cluster_states": ["RUNNING", "PENDING"]}, "page_size": 7}


@pytest.mark.parametrize("query", [
    {"page_size": ["many"]}, {"page_size": ["99999999999999999999"]}, {"page_size": ["\u0663"]},
    {"page_size": ["9" * 5000]},
    {"filter_by.is_pinned": ["perhaps"]},
    {"filter_by": ["x"], "filter_by.is_pinned": ["true"]},
])
def test_query_of_a_wrong_type_is_malformed(query: dict[str, list[str]]) -> None:
    with pytest.raises(ApiError) as refused:
        read_query("clusters/list", query, strict=False)
    assert refused.value.error_code == "MALFORMED_REQUEST"


@pytest.mark.parametrize("number", [-2**63, 0, 2**63 - 1])
def test_query_holds_any_int64(number: int) -> None:
    assert read_query("clusters/list", {"page_size": [str(number)]}, strict=True) == {"page_size": number}


@pytest.mark.parametrize("text", ["true", "False", "7", "-1"])
def test_text_of_a_query_stays_text(text: str) -> None:
    """A4: only where a boolean or a number is meant it is one."""
    assert read_query("clusters/get", {"cluster_id": [text]}, strict=True) == {"cluster_id": text}


def test_unknown_value_in_a_list_is_dropped_from_it() -> None:
    """B13: in the default mode, and the rest of the list counts."""
    body = {"filter_by": {"cluster_states": ["RUNNING", "DANCING"]}}
    assert read_body("clusters/list", body, strict=False) == {"filter_by": {"cluster_states": ["RUNNING"]}}
    with pytest.raises(ApiError, match=r"cluster_states\[1\]: 'DANCING'"):
        read_body("clusters/list", body, strict=True)


@pytest.mark.parametrize("price", [-1, 0.5])
def test_number_may_have_a_fraction_or_none(price: float) -> None:
    body = {"azure_attributes": {"spot_bid_max_price": price}}
    assert read_body("clusters/create", body, strict=True) == body
