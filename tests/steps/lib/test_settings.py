from __future__ import annotations

from enum import Enum
from pathlib import Path

import pytest

from steps.lib.errors import InputError
from steps.lib.settings import Reader


class Size(str, Enum):
    SMALL = "small"
    LARGE = "large"


def problems(reader: Reader) -> tuple[str, ...]:
    with pytest.raises(InputError) as caught:
        reader.check()
    return caught.value.lines


@pytest.mark.parametrize("value", [None, "", "  ", "$(name)", " $(name) "])
def test_absent_empty_and_undefined_are_missing(value: str | None) -> None:
    reader = Reader({} if value is None else {"X": value})
    assert reader.optional("X") is None
    assert reader.text("X") == ""
    assert len(problems(reader)) == 1


def test_a_variable_that_the_agent_does_not_know_is_named() -> None:
    reader = Reader({"X": "$(entraTenantId)"})
    reader.text("X")
    assert ", ".join(problems(reader)) == ("environment: X: variable 'entraTenantId' is not defined; "
                                           "add it to the variable group of this environment")


def test_a_macro_inside_a_longer_value_is_a_value() -> None:
    assert Reader({"X": "refs/heads/$(x)"}).text("X") == "refs/heads/$(x)"


def test_a_value_is_stripped() -> None:
    assert Reader({"X": " a b\n"}).text("X") == "a b"
    assert Reader({"X": "/a"}).path("X") == Path("/a")


@pytest.mark.parametrize(("value", "flag"), [("true", True), ("True", True), ("FALSE", False), ("$(dryRun)", False)])
def test_flag_takes_true_and_false_in_any_case(value: str, flag: bool) -> None:
    assert Reader({"X": value}).flag("X") is flag


def test_flag_that_is_neither_is_a_problem() -> None:
    reader = Reader({"X": "yes"})
    reader.flag("X")
    assert problems(reader) == ("environment: X: got 'yes', expected 'true' or 'false'",)


def test_choice_takes_its_members_and_names_them() -> None:
    assert Reader({"X": "large"}).choice("X", Size) is Size.LARGE
    reader = Reader({"X": "huge"})
    reader.choice("X", Size)
    assert problems(reader) == ("environment: X: got 'huge', expected one of small, large",)


def test_all_problems_are_reported_together_and_sorted() -> None:
    reader = Reader({"B": "maybe"})
    reader.text("C")
    reader.flag("B")
    reader.choice("A", Size)
    reader.problem("environment: D: odd")
    assert [line.split(":")[1].strip() for line in problems(reader)] == ["A", "B", "C", "D"]


def test_a_variable_that_is_read_twice_is_one_problem() -> None:
    reader = Reader({})
    reader.text("X")
    reader.text("X")
    assert len(problems(reader)) == 1


def test_nothing_wrong_raises_nothing() -> None:
    reader = Reader({"X": "1"})
    reader.text("X")
    reader.check()
