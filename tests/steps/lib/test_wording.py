from __future__ import annotations

import pytest

from steps.lib.wording import aligned, counted, got, quoted, summed


@pytest.mark.parametrize(("count", "told"), [(0, "0 libraries"), (1, "1 library"), (2, "2 libraries")])
def test_one_is_told_in_the_singular(count: int, told: str) -> None:
    assert counted(count, "library", "libraries") == told


@pytest.mark.parametrize(("counts", "told"), [
    ({"granted": 2, "revoked": 0, "unchanged": 1}, "2 granted, 1 unchanged"), ({"granted": 0}, "none"), ({}, "none")])
def test_what_did_not_occur_is_left_out(counts: dict[str, int], told: str) -> None:
    assert summed(counts) == told


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert aligned([("a", "bb", "c"), ("aaa", "b", "cccc")]) == ["a    bb  c", "aaa  b   cccc"]


def test_no_rows_are_no_lines() -> None:
    assert aligned([]) == []


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
