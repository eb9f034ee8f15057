from __future__ import annotations

from steps.lib.validation.pruned import without
from tests.steps.lib.documents import document


def test_keys_are_gone_and_items_are_null() -> None:
    whole = document({"a": {"b": 1, "c": 2}, "d": [1, 2, 3]})
    assert without(whole, [("a", "b"), ("d", 1)]).data == {"a": {"c": 2}, "d": [1, None, 3]}


def test_places_and_the_original_stay() -> None:
    whole = document({"a": 1, "b": 2})
    assert without(whole, [("a",)]).line(("b",)) == 3
    assert whole.get(("a",)) == 1


def test_a_path_below_something_already_gone_is_ignored() -> None:
    assert without(document({"a": {"b": {"c": 1}}}), [("a",), ("a", "b", "c")]).data == {}


def test_a_top_that_is_no_object_becomes_empty() -> None:
    assert without(document([1]), [()]).data == {}
