"""What a condition task comes to. Pure."""
from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

_ORDERS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "GREATER_THAN": operator.gt, "GREATER_THAN_OR_EQUAL": operator.ge,
    "LESS_THAN": operator.lt, "LESS_THAN_OR_EQUAL": operator.le,
}


def branch(op: str, left: str, right: str) -> str:
    """`true` or `false`; ValueError where numbers are to be compared and one operand is none.

    Equality is that of texts, so `12.0` is not `12`; everything else compares numbers:
    https://docs.databricks.com/api/workspace/jobs/create (condition_task).
    """
    if op in {"EQUAL_TO", "NOT_EQUAL"}:
        holds = (left == right) == (op == "EQUAL_TO")
    else:
        holds = _ORDERS[op](_number(left), _number(right))
    return "true" if holds else "false"


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation as error:
        message = f"{text!r} is not a number, which {', '.join(_ORDERS)} compare"
        raise ValueError(message) from error
    if number.is_nan():
        message = f"{text!r} cannot be compared"
        raise ValueError(message)
    return number
