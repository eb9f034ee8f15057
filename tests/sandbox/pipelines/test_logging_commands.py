from __future__ import annotations

import pytest

from sandbox.pipelines.logging_commands import parse, settable

ESCAPED = "##vso[area.event k1=%3B=%0D=%0A=%5D%AZP25;]%3B-%0D-%0A-%5D%AZP253B"
LINES: list[tuple[str, dict[str, str], str]] = [
    ("##vso[area.event k1=v1;]msg", {"k1": "v1"}, "msg"),
    ("##vso[area.event]", {}, ""),
    ("##vso[area.event k1=;k2=;]", {}, ""),
    (">>>   ##vso[area.event k1=v1;]msg", {"k1": "v1"}, "msg"),
    ("##vso[AREA.Event K1=v1]msg", {"k1": "v1"}, "msg"),
    ("##vso[area.event k=a=b;l=]x]y", {"k": "a=b"}, "x]y"),
    ("##vso[.area..event. k=v]", {"k": "v"}, ""),
    ("##vso[area.event  k=v; l=w;m=x y ;=z]", {" k": "v", " l": "w", "m": "x y "}, ""),
    ("##vso[area.event k= v ;;k=last]  two  ", {"k": "last"}, "  two  "),
    ("##vso[area.event k]v", {}, "v"),
    ("##vso[area.event ==k==v]", {"k": "v"}, ""),
    ("a ##vso[area.event k=1] ##vso[area.other]", {"k": "1"}, " ##vso[area.other]"),
    (ESCAPED, {"k1": ";=\r=\n=]%"}, ";-\r-\n-]%3B"),
]


@pytest.mark.parametrize(("line", "properties", "data"), LINES)
def test_a_command_is_read_anywhere_in_a_line(line: str, properties: dict[str, str], data: str) -> None:
    command = parse(line)
    assert command is not None
    assert (command.name, command.properties, command.data) == ("area.event", properties, data)


def test_percents_stay_when_they_are_not_decoded() -> None:
    command = parse(ESCAPED, decode_percent=False)
    assert command is not None
    assert (command.properties["k1"], command.data) == (";=\r=\n=]%AZP25", ";-\r-\n-]%AZP253B")


@pytest.mark.parametrize("line", [
    "##vso[area]", "##vso[a.b.c]", "##vso[.x]", "##vso[area.event", "plain", "##vso[]", "##VSO[area.event]",
    "##vso[ area.event]", "##vso [area.event]", "# #vso[area.event]", "]##vso[area.event",
])
def test_what_is_no_command_is_none(line: str) -> None:
    assert parse(line) is None


SETTABLE: list[tuple[list[list[str]], str, bool]] = [
    ([], "myVar", True), ([[]], "myVar", False), ([["myVar", "otherVar"]], "MYVAR", True),
    ([["myVar", "otherVar"]], "badVar", False), ([["my*"]], "mything", True), ([["my*"]], "MY", True),
    ([["my*"]], "badVar", False), ([["my*", "otherVar"], ["myVar", "myThing", "extra"]], "myThing", True),
    ([["my*", "otherVar"], ["myVar", "myThing", "extra"]], "otherVar", False),
    ([["my*", "otherVar"], ["myVar", "myThing", "extra"]], "extra", False),
]


@pytest.mark.parametrize(("restrictions", "name", "allowed"), SETTABLE)
def test_every_restriction_has_to_allow_a_variable(restrictions: list[list[str]], name: str, allowed: bool) -> None:
    assert settable(name, restrictions) is allowed
