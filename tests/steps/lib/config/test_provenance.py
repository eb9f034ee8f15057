from __future__ import annotations

import pytest

from steps.lib.config.provenance import Origin, SetValue, nested, short, table
from steps.lib.json_files.json_path import JsonPath
from steps.lib.json_files.json_reader import Json

VALUES = [
    SetValue(("node_type_id",), "Standard_DS3_v2", Origin("cluster_and_libraries_config.json", 7)),
    SetValue(("custom_tags", "branch"), "feature/x", Origin("convention")),
]


def test_the_table_is_aligned_and_sorted() -> None:
    assert table(VALUES) == [
        "path                value              set by",
        'custom_tags.branch  "feature/x"        convention',
        'node_type_id        "Standard_DS3_v2"  cluster_and_libraries_config.json:7',
    ]


def test_values_become_the_nested_body() -> None:
    assert nested(VALUES) == {"node_type_id": "Standard_DS3_v2", "custom_tags": {"branch": "feature/x"}}


def test_two_values_at_one_place_are_a_bug() -> None:
    with pytest.raises(AssertionError):
        nested([SetValue(("a",), 1, Origin("x")), SetValue(("a", "b"), 1, Origin("x"))])


def test_long_values_are_cut() -> None:
    assert short("x" * 100) == '"' + "x" * 56 + "..."


def test_numbers_in_a_path_make_lists_in_their_order() -> None:
    paths: list[tuple[JsonPath, Json]] = [
        (("a", 1, "x"), 1), (("a", 0, "x"), 2), (("a", 10), [3]), (("b", 0, "c", 0), 4), (("a", 0, "y"), {})]
    assert nested([SetValue(path, value, Origin("f")) for path, value in paths]) == {
        "a": [{"x": 2, "y": {}}, {"x": 1}, [3]], "b": [{"c": [4]}]}
