"""`convertToJson`: an indent of two spaces, numbers as expressions write them, text escaped as Newtonsoft does."""
from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from sandbox.pipelines.expressions.values import ExpressionError, Value, is_array, is_object, to_text

_LINE_ENDS = re.compile("[\u0085\u2028\u2029]")


def to_json(value: Value, limit: int) -> str:
    """`value` as JSON. Raises where the text grows over `limit` characters."""
    written: list[str] = []
    size = 0
    for part in _parts(value, ""):
        size += len(part)
        if size > limit:
            message = "Maximum object size exceeded"
            raise ExpressionError(message)
        written.append(part)
    return "".join(written)


def _parts(value: Value, indent: str) -> Iterator[str]:
    inner = indent + "  "
    if is_object(value):
        entries = ((f"{_quoted(key)}: ", item) for key, item in value.items())
        yield from _collection("{}", entries, inner) if value else ("{}",)
    elif is_array(value):
        yield from _collection("[]", (("", item) for item in value), inner) if value else ("[]",)
    else:
        yield _scalar(value)


def _collection(brackets: str, entries: Iterable[tuple[str, Value]], indent: str) -> Iterator[str]:
    before = brackets[0]
    for key, item in entries:
        yield f"{before}\n{indent}{key}"
        yield from _parts(item, indent)
        before = ","
    yield f"\n{indent[2:]}{brackets[1]}"


def _scalar(value: Value) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return to_text(value) if isinstance(value, Decimal) else _quoted(to_text(value))


def _quoted(text: str) -> str:
    escaped = json.dumps(text, ensure_ascii=False)
    return _LINE_ENDS.sub(lambda match: f"\\u{ord(match[0]):04x}", escaped)
