"""Of what a reply has to be made, as far as it is read: one that is not is a strange reply, and no bug of ours."""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import Enum
from typing import Any


class Kind(Enum):
    """A number may be written as a text, as int64 often is. An id is one that is never null."""

    TEXT = "a text"
    MOMENT = "a moment such as 2026-01-31T09:30:00Z"
    NUMBER = "a number"
    ID = "an id, which is a number"


# An object by its fields, a list by what each of its entries is, or a single value.
Shape = Mapping[str, Any] | list[Any] | Kind

# The name for every field of an object whose names are somebody's own.
ANY = "*"
_NUMBER = re.compile(r"-?[0-9]{1,19}")
_NAMES = {type(None): "null", bool: "true or false", int: "a number", float: "a number with a fraction",
          str: "a text", list: "a list"}


def mismatch(value: object, shape: Shape) -> str:
    """The first thing about `value` that is not of `shape`, for people; empty where there is none.

    Fields that are missing or null pass, and so do those that the shape does not name.
    """
    return next(_mismatches(value, shape, ""), "")


def _mismatches(value: object, shape: Shape, path: str) -> Iterator[str]:
    if isinstance(shape, Mapping) and isinstance(value, Mapping):
        for name, inner in _fields(value, shape):
            if value[name] is not None or inner is Kind.ID:
                yield from _mismatches(value[name], inner, f"{path}.{name}" if path else name)
    elif isinstance(shape, list) and isinstance(value, list):
        for number, item in enumerate(value):
            yield from _mismatches(item, shape[0], f"{path}[{number}]")
    elif not (isinstance(shape, Kind) and _is_of(value, shape)):
        yield f"{path or 'the reply'}: got {_NAMES.get(type(value), 'an object')}, expected {_expected(shape)}"


def _fields(value: Mapping[str, object], shape: Mapping[str, Any]) -> Iterator[tuple[str, Shape]]:
    if ANY in shape:
        return ((name, shape[ANY]) for name in value)
    return ((name, inner) for name, inner in shape.items() if name in value)


def _is_of(value: object, kind: Kind) -> bool:
    if kind is Kind.TEXT:
        return isinstance(value, str)
    if kind is Kind.MOMENT:
        return isinstance(value, str) and _is_moment(value)
    if isinstance(value, str):
        return _NUMBER.fullmatch(value) is not None
    return isinstance(value, int) and not isinstance(value, bool)


def _is_moment(text: str) -> bool:
    """Up to its seconds: what stands behind them differs from service to service."""
    try:
        datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S")  # noqa: DTZ007 - its form is all that matters
    except ValueError:
        return False
    return True


def _expected(shape: Shape) -> str:
    return shape.value if isinstance(shape, Kind) else "a list" if isinstance(shape, list) else "an object"
