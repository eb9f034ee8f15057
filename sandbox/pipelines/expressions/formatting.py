"""`format`: numbered places in braces, doubled braces, and .NET date formats for points in time."""
from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from sandbox.pipelines.expressions.values import ExpressionError, Value, kind_of, to_text

_PART = re.compile(r"\{\{|\}\}|\{(?P<index>\d+)(?::(?P<specifiers>(?:[^}]|\}\})*))?\}|[^{}]+|[{}]", re.ASCII)
_MAX_INDEX = 255
_DATE_PART = re.compile(r"\\(?P<escaped>.)|(?P<letter>.)(?P=letter)*", re.DOTALL)
_DATE_PARTS: dict[str, Callable[[datetime], str]] = {
    "yyyy": lambda moment: f"{moment.year:04d}",
    "yy": lambda moment: f"{moment.year % 100:02d}",
    "MM": lambda moment: f"{moment.month:02d}",
    "M": lambda moment: str(moment.month),
    "dd": lambda moment: f"{moment.day:02d}",
    "d": lambda moment: str(moment.day),
    "HH": lambda moment: f"{moment.hour:02d}",
    "H": lambda moment: str(moment.hour),
    "mm": lambda moment: f"{moment.minute:02d}",
    "m": lambda moment: str(moment.minute),
    "ss": lambda moment: f"{moment.second:02d}",
    "s": lambda moment: str(moment.second),
    "K": lambda moment: _offset(moment),
    "zzz": lambda moment: _offset(moment),
}


def format_text(template: str, arguments: Sequence[Value], limit: int) -> str:
    """`template` with `{0}`, `{1}` replaced. Raises where a place has no argument, or the text grows over `limit`."""
    written: list[str] = []
    size = 0
    for match in _PART.finditer(template):
        text = _place(match, template, arguments) if match["index"] else _literal(match[0], template)
        size += len(text)
        if size > limit:
            message = "Maximum object size exceeded"
            raise ExpressionError(message)
        written.append(text)
    return "".join(written)


def _literal(text: str, template: str) -> str:
    if text in ("{", "}"):
        raise _invalid(template)
    return text[0] if text in ("{{", "}}") else text


def _place(match: re.Match[str], template: str, arguments: Sequence[Value]) -> str:
    digits = match["index"].lstrip("0") or "0"
    if len(digits) > 3 or int(digits) > _MAX_INDEX:
        raise _invalid(template)
    if int(digits) >= len(arguments):
        message = f"The following format string references more arguments than were supplied: {template}"
        raise ExpressionError(message)
    value = arguments[int(digits)]
    specifiers = (match["specifiers"] or "").replace("}}", "}")
    if not specifiers:
        return to_text(value)
    if not isinstance(value, datetime):
        to_text(value)  # what has no text says so first
        raise _no_specifiers(specifiers, value)
    return "".join(_date_part(part, value, specifiers) for part in _DATE_PART.finditer(specifiers))


def _date_part(match: re.Match[str], moment: datetime, specifiers: str) -> str:
    """A part of the moment, or a space; any other character needs a backslash before it."""
    part = match[0]
    if match["escaped"]:
        return match["escaped"]
    if part in _DATE_PARTS:
        return _DATE_PARTS[part](moment)
    if set(part) == {"f"} and len(part) <= 7:
        return f"{moment.microsecond:06d}0"[: len(part)]
    if part[0] == " ":
        return part
    raise _no_specifiers(specifiers, moment)


def _offset(moment: datetime) -> str:
    offset = moment.strftime("%z") or "+0000"
    return f"{offset[:3]}:{offset[3:5]}"


def _invalid(template: str) -> ExpressionError:
    return ExpressionError(f"The following format string is invalid: {template}")


def _no_specifiers(specifiers: str, value: Value) -> ExpressionError:
    return ExpressionError(f"The format specifiers '{specifiers}' are not valid for objects of type '{kind_of(value)}'")
