"""Reads the JSON object of a request: strict UTF-8, no numbers that JSON does not know, and never more than fits."""
from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from sandbox.databricks.errors import malformed
from sandbox.http.message import RequestRefusedError

_DEEPEST = 100
_MOST_VALUES = 500_000
_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")


def read_json(content: bytes) -> dict[str, Any]:
    """No body is an empty object. What is broken is `MALFORMED_REQUEST`; of a key sent twice the last one counts.

    413 where there are more values than any real request has: an array of empty objects takes thirty times the memory
    of its text.
    """
    if sum(map(content.count, b"[{,")) > _MOST_VALUES:
        raise RequestRefusedError(413, f"body holds more than {_MOST_VALUES} values")
    try:
        text = content.decode("utf-8")
        body = json.loads(text, parse_constant=_refuse_number, parse_float=_finite) if text.strip() else {}
        if _HALF_CHARACTER.search(text):
            json.dumps(body, ensure_ascii=False).encode()  # half a pair could be neither kept nor answered
    except (ValueError, RecursionError) as error:
        detail = "failed to parse given JSON"
        raise malformed(detail) from error
    if not isinstance(body, dict):
        detail = "expected a map"
        raise malformed(detail)
    if sum(map(content.count, b"[{")) > _DEEPEST and _is_deep(body):
        detail = f"nested deeper than {_DEEPEST} levels"
        raise malformed(detail)
    return body


def _is_deep(body: dict[str, Any]) -> bool:
    """Whoever walks through a body calls itself once for each level, so their number has to have an end."""
    level: list[Any] = [body]
    for _ in range(_DEEPEST):
        level = [child for value in level for child in _children(value)]
    return bool(level)


def _children(value: object) -> list[Any]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [child for child in inner if isinstance(child, (dict, list))]


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse_number(text)


def _refuse_number(text: str) -> NoReturn:
    message = f"{text} is no number of JSON"
    raise ValueError(message)
