"""Who set a value: every value of a generated file carries this, and errors name it."""
from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from steps.lib.json_files.json_path import JsonPath, show_path
from steps.lib.json_files.json_reader import Json
from steps.lib.wording import aligned

_WIDEST_VALUE = 60


@dataclass(frozen=True)
class Origin:
    """Where a value was set: `file` and `line`, or the convention in words where no file set it."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True)
class SetValue:
    """One value of a generated file: where it stands, what it is, who set it."""

    path: JsonPath
    value: Json
    origin: Origin


def table(values: Sequence[SetValue]) -> list[str]:
    """Aligned lines `path  value  set by`, with a heading, sorted by path."""
    rows = [("path", "value", "set by")]
    rows += sorted((show_path(item.path), short(item.value), str(item.origin)) for item in values)
    return aligned(rows)


def short(value: Json) -> str:
    """`value` as JSON on one line of at most 60 characters."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _WIDEST_VALUE else f"{text[: _WIDEST_VALUE - 3]}..."


def nested(values: Sequence[SetValue]) -> dict[str, Json]:
    """The JSON object in which each value stands at its path. Items of a list keep the order of their numbers."""
    result: dict[str, Json] = {}
    for item in values:
        _put(result, item.path, item.value)
    return {key: _with_lists(value) for key, value in result.items()}


class _Items(dict[str, Json]):
    """A list while it is being filled, by the numbers of its items."""


def _put(target: dict[str, Json], path: JsonPath, value: Json) -> None:
    for step, following in itertools.pairwise(path):
        inner = target.setdefault(str(step), _Items() if isinstance(following, int) else {})
        if not isinstance(inner, dict):
            message = f"two values stand at {show_path(path)}"
            raise AssertionError(message)
        target = inner
    target[str(path[-1])] = value


def _with_lists(value: Json) -> Json:
    if not isinstance(value, dict):
        return value
    if isinstance(value, _Items):
        return [_with_lists(value[number]) for number in sorted(value, key=int)]
    return {key: _with_lists(inner) for key, inner in value.items()}


def by_path(values: Sequence[SetValue]) -> Mapping[JsonPath, SetValue]:
    return {item.path: item for item in values}
