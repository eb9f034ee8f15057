from __future__ import annotations

import pytest

from steps.lib.validation.schema_words import unknown_field


@pytest.mark.parametrize(("key", "known", "words"), [
    pytest.param("autoscal", ["autoscale", "x"], "did you mean 'autoscale'?", id="near"),
    pytest.param("zzz", ["b", "a"], "unknown field, expected 'a', 'b'", id="few"),
    pytest.param("zzz", list("abcdefghij"), "unknown field, expected a known one", id="many"),
])
def test_an_unknown_field_is_helped(key: str, known: list[str], words: str) -> None:
    assert words in unknown_field(key, known)
