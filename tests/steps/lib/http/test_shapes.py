from __future__ import annotations

import pytest

from steps.lib.http.shapes import ANY, Kind, Shape, mismatch

JOB: Shape = {"id": Kind.ID, "end": Kind.NUMBER, "tags": {ANY: Kind.TEXT}, "tasks": [{"key": Kind.TEXT}]}


@pytest.mark.parametrize(("text", "is_moment"), [
    ("2026-01-31T09:30:00Z", True), ("2026-01-31T09:30:00.1234567Z", True), ("2026-01-31", False),
    ("2026-02-31T09:30:00Z", False), ("x", False), (7, False),
])
def test_a_moment_is_one_of_the_calendar(text: object, is_moment: bool) -> None:
    assert (mismatch({"date": text}, {"date": Kind.MOMENT}) == "") is is_moment


@pytest.mark.parametrize("value", [
    {}, {"id": 2**63, "end": 0, "tags": {"a": "b"}, "tasks": [{"key": "x"}, {}]}, {"id": "17", "end": "-1"},
    {"end": None, "tags": None, "tasks": None}, {"tags": {"a": None}, "tasks": []}, {"other": [1, {"x": None}]},
], ids=["nothing", "all", "numbers as texts", "null", "null inside", "more than is read"])
def test_what_is_as_it_is_read_passes(value: object) -> None:
    assert mismatch(value, JOB) == ""


@pytest.mark.parametrize(("value", "told"), [
    ([], "the reply: got a list, expected an object"),
    ({"id": None}, "id: got null, expected an id, which is a number"),
    ({"id": True}, "id: got true or false, expected an id, which is a number"),
    ({"end": 1.5}, "end: got a number with a fraction, expected a number"),
    ({"end": "1e3"}, "end: got a text, expected a number"),
    ({"end": "1" * 20}, "end: got a text, expected a number"),
    ({"tags": "x"}, "tags: got a text, expected an object"),
    ({"tags": {"a": {}}}, "tags.a: got an object, expected a text"),
    ({"tasks": {"key": "x"}}, "tasks: got an object, expected a list"),
    ({"tasks": [{}, None]}, "tasks[1]: got null, expected an object"),
    ({"tasks": [{"key": "x"}, {"key": 7}]}, "tasks[1].key: got a number, expected a text"),
], ids=["reply", "null", "flag", "fraction", "text", "endless", "field", "own name", "list", "entry", "inside"])
def test_the_first_thing_that_is_not_is_told_with_its_place(value: object, told: str) -> None:
    assert mismatch(value, JOB) == told
