from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steps.lib.json_files.json_reader import Json, JsonError, read_json

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=20),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=8), children, max_size=4),
    max_leaves=12,
)


@settings(derandomize=True, deadline=None)
@given(json_values)
def test_reads_what_the_standard_library_reads(value: Json) -> None:
    text = json.dumps(value)
    assert read_json(text)[0] == json.loads(text)


@settings(derandomize=True, deadline=None)
@given(st.text(st.sampled_from('{}[]",:truefalsn0123e+-. \\\n'), max_size=40))
def test_accepts_nothing_the_standard_library_refuses(text: str) -> None:
    with suppress(JsonError):
        value, _, duplicates = read_json(text)
        assert duplicates or value == json.loads(text)


@pytest.mark.parametrize(("text", "value"), [("4.0", 4), ("1e1", 10), ("-0.0", 0), ("4.5", 4.5), ("1e300", 1e300)])
def test_a_whole_number_is_one_however_it_is_written(text: str, value: float) -> None:
    read = read_json(text)[0]
    assert (type(read), read) == (type(value), value)


@pytest.mark.parametrize(("text", "offset", "words"), [
    pytest.param("", 0, "the end of file", id="empty"),
    pytest.param('{"a": 1,}', 8, "remove the comma", id="comma-before-brace"),
    pytest.param("[1,]", 3, "remove the comma", id="comma-before-bracket"),
    pytest.param('{"a" 1}', 5, "expected ':'", id="colon-missing"),
    pytest.param("[1 2]", 3, "expected ','", id="comma-missing"),
    pytest.param("{a: 1}", 1, "double quotes", id="bare-key"),
    pytest.param("{'a': 1}", 1, "double quotes", id="single-quotes"),
    pytest.param('{"a": 1}}', 8, "nothing more", id="trailing-brace"),
    pytest.param('[NaN]', 1, "got 'NaN'", id="nan"),
    pytest.param('[-Infinity]', 1, "got '-Infinity'", id="infinity"),
    pytest.param('[1e999]', 1, "got '1e999'", id="number-beyond-float"),
    pytest.param("[" + "9" * 5000 + "]", 1, "expected a value", id="number-of-5000-digits"),
    pytest.param("[01]", 1, "got '01'", id="leading-zero"),
    pytest.param("// a\n1", 0, "got '//'", id="comment"),
    pytest.param('"a\nb"', 2, "control character", id="raw-newline-in-text"),
    pytest.param('"abc', 0, "unterminated", id="open-text"),
    pytest.param('"\\ud800"', 0, "surrogate", id="half-surrogate"),
    pytest.param('"' + "a" * 30_001 + '"', 0, "30,000 characters", id="endless-text"),
    pytest.param("[" * 100_000, 41, "nested deeper than 40", id="depth-bomb"),
    pytest.param('{"a":' * 100_000, 205, "nested deeper than 40", id="object-bomb"),
])
def test_refuses_with_the_place_and_what_was_expected(text: str, offset: int, words: str) -> None:
    with pytest.raises(JsonError) as caught:
        read_json(text)
    assert caught.value.offset == offset
    assert words in str(caught.value)


def test_knows_where_each_key_and_item_begins() -> None:
    _, offsets, _ = read_json('{"a": [1, {"b": 2}]}')
    assert offsets == {(): 0, ("a",): 1, ("a", 0): 7, ("a", 1): 10, ("a", 1, "b"): 11}


def test_reports_every_key_written_twice() -> None:
    _, _, duplicates = read_json('{"a": 1, "a": 2, "b": {"c": 1, "c": 2}}')
    assert duplicates == [(9, ("a",)), (31, ("b", "c"))]
