"""Equality and order: the right operand becomes the kind of the left, and text compares without regard to case."""
from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sandbox.pipelines.expressions.values import (
    ExpressionError,
    Value,
    Version,
    identity,
    is_array,
    is_object,
    to_number,
    to_text,
    to_version,
    truthy,
)


def equal(left: Value, right: Value) -> bool:
    """False where `right` cannot become the kind of `left`. Arrays and objects equal only themselves."""
    if is_array(left) or is_object(left):
        return identity(left) is identity(right)
    if left is None:
        return right is None or right == ""
    try:
        return compare(left, right) == 0
    except ExpressionError:
        return False


def compare(left: Value, right: Value) -> int:
    """Negative, zero or positive. Raises where `right` cannot become the kind of `left`."""
    if isinstance(left, bool):
        return int(left) - int(truthy(right))
    if isinstance(left, str):
        return _order(fold(left), fold(to_text(right)))
    if isinstance(left, Version):
        return _order(left.parts, to_version(right).parts)
    if isinstance(left, datetime):
        return _order(left.timestamp(), _moment(right))
    return _order(to_number(left), to_number(right))


def fold(text: str) -> str:
    """Upper case as .NET writes it, which ordinal comparison uses too: each character alone, so a sharp s stays one."""
    if text.isascii():
        return text.upper()
    return "".join(upper if len(upper := char.upper()) == 1 else char for char in text)


def lower(text: str) -> str:
    """Lower case as .NET writes it: each character alone."""
    if text.isascii():
        return text.lower()
    return "".join(small if len(small := char.lower()) == 1 else char for char in text)


def _moment(value: Value) -> float:
    if isinstance(value, datetime):
        return value.timestamp()
    try:
        return datetime.fromisoformat(to_text(value)).timestamp()
    except ValueError as error:
        message = f"Unable to convert from String to DateTime. Value: {value}"
        raise ExpressionError(message) from error


def _order(
    left: str | float | Decimal | tuple[int, ...], right: str | float | Decimal | tuple[int, ...]
) -> int:
    return (left > right) - (left < right)  # type: ignore[operator]
