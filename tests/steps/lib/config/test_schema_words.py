from __future__ import annotations

import pytest

from steps.lib.config.schema_words import got, quoted, unknown_field


@pytest.mark.parametrize(("value", "shown"), [
    pytest.param("a'b", '"a\'b"', id="text"),
    pytest.param(True, "true", id="true"),
    pytest.param(None, "null", id="null"),
    pytest.param([1], "a list", id="list"),
    pytest.param("x" * 100, "'" + "x" * 55 + "...'", id="long"),
    pytest.param("https://anna:secret@host/x", "'https://...@host/x'", id="password"),
])
def test_a_value_is_shown_as_written(value: object, shown: str) -> None:
    assert got(value) == shown


def test_a_locked_object_is_shown_whole() -> None:
    assert quoted({"a": [1]}) == '{"a": [1]}'


@pytest.mark.parametrize(("key", "known", "words"), [
    pytest.param("autoscal", ["autoscale", "x"], "did you mean 'autoscale'?", id="near"),
    pytest.param("zzz", ["b", "a"], "unknown field, expected 'a', 'b'", id="few"),
    pytest.param("zzz", list("abcdefghij"), "unknown field, expected a known one", id="many"),
])
def test_an_unknown_field_is_helped(key: str, known: list[str], words: str) -> None:
    assert words in unknown_field(key, known)
