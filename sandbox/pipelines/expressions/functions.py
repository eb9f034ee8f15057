"""The functions every slot knows, with the number of arguments each takes.

https://learn.microsoft.com/azure/devops/pipelines/process/expressions#functions. `and` and `or` stop early and are
evaluated by `evaluation`; status functions and `counter` belong to the run and are handed in by it.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox.pipelines.expressions.comparison import compare, equal, fold, lower
from sandbox.pipelines.expressions.formatting import format_text
from sandbox.pipelines.expressions.json_text import to_json
from sandbox.pipelines.expressions.values import (
    ExpressionError,
    Value,
    is_array,
    is_object,
    to_number,
    to_text,
    truthy,
)

MAX_TEXT = 10_000_000  # no single text may be larger: a bomb ends in an error, not in a full memory


@dataclass(frozen=True, slots=True)
class Function:
    """`most` None means any number of arguments."""

    least: int
    most: int | None
    call: Callable[[Sequence[Value]], Value]


def _coalesce(values: Sequence[Value]) -> Value:
    return next((value for value in values if value is not None and value != ""), None)


def _contains_value(values: Sequence[Value]) -> Value:
    collection, wanted = values
    if is_object(collection):
        return any(equal(value, wanted) for value in collection.values())
    return is_array(collection) and any(equal(value, wanted) for value in collection)


def _join(values: Sequence[Value]) -> Value:
    separator, items = to_text(values[0]), values[1]
    if is_array(items):
        texts = ["" if is_array(item) or is_object(item) else to_text(item) for item in items]
        if sum(len(text) for text in texts) + len(separator) * (len(texts) - 1) > MAX_TEXT:
            raise _too_large()
        return separator.join(texts)
    return "" if is_object(items) else to_text(items)


def _length(values: Sequence[Value]) -> Value:
    value = values[0]
    return Decimal(len(value) if is_array(value) or is_object(value) else len(to_text(value)))


def _replace(values: Sequence[Value]) -> Value:
    text, old, new = (to_text(value) for value in values)
    if not old:
        message = "String cannot be of zero length. Parameter name: oldValue"
        raise ExpressionError(message)
    if len(text) + text.count(old) * (len(new) - len(old)) > MAX_TEXT:
        raise _too_large()
    return text.replace(old, new)


def _split(values: Sequence[Value]) -> Value:
    text, delimiter = (to_text(value) for value in values)
    return text.split(delimiter) if delimiter else [text]


def _substring(values: Sequence[Value]) -> Value:
    text, start = to_text(values[0]), int(to_number(values[1]))
    end = start + int(to_number(values[2])) if len(values) > 2 else len(text)
    if not 0 <= start <= end <= len(text):
        message = "Index and length must refer to a location within the string"
        raise ExpressionError(message)
    return text[start:end]


def plain(value: Value) -> Any:  # noqa: ANN401 - JSON is any of six types
    """`value` in Python's own types, as `json` takes them."""
    if is_array(value):
        return [plain(item) for item in value]
    if is_object(value):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value if value is None or isinstance(value, (bool, str)) else to_text(value)


def _text_test(test: Callable[[str, str], bool]) -> Callable[[Sequence[Value]], Value]:
    return lambda values: test(fold(to_text(values[0])), fold(to_text(values[1])))


def _ordered(test: Callable[[int], bool]) -> Callable[[Sequence[Value]], Value]:
    return lambda values: test(compare(values[0], values[1]))


def _too_large() -> ExpressionError:
    return ExpressionError("Maximum object size exceeded")


def _format(values: Sequence[Value]) -> Value:
    return format_text(to_text(values[0]), values[1:], MAX_TEXT)


def _iif(values: Sequence[Value]) -> Value:
    return values[1] if truthy(values[0]) else values[2]


FUNCTIONS: Mapping[str, Function] = {
    "and": Function(2, None, lambda values: all(truthy(value) for value in values)),
    "or": Function(2, None, lambda values: any(truthy(value) for value in values)),
    "not": Function(1, 1, lambda values: not truthy(values[0])),
    "xor": Function(2, 2, lambda values: truthy(values[0]) != truthy(values[1])),
    "eq": Function(2, 2, lambda values: equal(values[0], values[1])),
    "ne": Function(2, 2, lambda values: not equal(values[0], values[1])),
    "lt": Function(2, 2, _ordered(lambda order: order < 0)),
    "le": Function(2, 2, _ordered(lambda order: order <= 0)),
    "gt": Function(2, 2, _ordered(lambda order: order > 0)),
    "ge": Function(2, 2, _ordered(lambda order: order >= 0)),
    "in": Function(2, None, lambda values: any(equal(values[0], value) for value in values[1:])),
    "notin": Function(2, None, lambda values: not any(equal(values[0], value) for value in values[1:])),
    "contains": Function(2, 2, _text_test(lambda text, part: part in text)),
    "containsvalue": Function(2, 2, _contains_value),
    "startswith": Function(2, 2, _text_test(str.startswith)),
    "endswith": Function(2, 2, _text_test(str.endswith)),
    "format": Function(1, None, _format),
    "join": Function(2, 2, _join),
    "split": Function(2, 2, _split),
    "replace": Function(3, 3, _replace),
    "lower": Function(1, 1, lambda values: lower(to_text(values[0]))),
    "upper": Function(1, 1, lambda values: fold(to_text(values[0]))),
    "trim": Function(1, 1, lambda values: to_text(values[0]).strip()),
    "length": Function(1, 1, _length),
    "coalesce": Function(2, None, _coalesce),
    "converttojson": Function(1, 1, lambda values: to_json(values[0], MAX_TEXT)),
    "iif": Function(3, 3, _iif),
    "substring": Function(2, 3, _substring),
}

