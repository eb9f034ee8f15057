"""`format`: numbered places in braces, doubled braces, and .NET date formats for points in time."""
from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from sandbox.pipelines.expressions.values import ExpressionError, Value, kind_of, to_text

_PART = re.compile(r"\{\{|\}\}|\{(?P<index>\d+)(?::(?P<specifier>[^{}]*))?\}|[^{}]+|[{}]")
_DATE_PART = re.compile(r"y{4}|y{2}|M{1,2}|d{1,2}|H{1,2}|h{1,2}|m{1,2}|s{1,2}|f{1,6}|t{2}|K|z{3}")
_DATE_PARTS = {
    "yyyy": "%Y", "yy": "%y", "MM": "%m", "dd": "%d", "HH": "%H", "hh": "%I", "mm": "%M", "ss": "%S", "tt": "%p",
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
        message = f"The following format string is invalid: {template}"
        raise ExpressionError(message)
    return text[0] if text in ("{{", "}}") else text


def _place(match: re.Match[str], template: str, arguments: Sequence[Value]) -> str:
    index = int(match["index"])
    if index >= len(arguments):
        message = f"The following format string references more arguments than were supplied: {template}"
        raise ExpressionError(message)
    value, specifier = arguments[index], match["specifier"]
    if not specifier:
        return to_text(value)
    if not isinstance(value, datetime):
        message = f"The following format specifiers are not valid for an object of type '{kind_of(value)}': {specifier}"
        raise ExpressionError(message)
    return _DATE_PART.sub(lambda part: _date_part(part[0], value), specifier)


def _date_part(part: str, moment: datetime) -> str:
    if part in _DATE_PARTS:
        return moment.strftime(_DATE_PARTS[part])
    if part in ("K", "zzz"):
        offset = moment.strftime("%z") or "+0000"
        return f"{offset[:3]}:{offset[3:5]}"
    if part.startswith("f"):
        return f"{moment.microsecond:06d}"[: len(part)]
    single = {"M": moment.month, "d": moment.day, "H": moment.hour, "m": moment.minute, "s": moment.second}
    return str(single.get(part, (moment.hour + 11) % 12 + 1))
