"""How counts, tables and values are told to people."""
from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence

MESSAGE_LIMIT = 600
_WIDEST = 60
_PASSWORD = re.compile(r"//[^/@\s]*:[^/@\s]*@")


def counted(count: int, noun: str, plural: str = "") -> str:
    """`1 change`, `2 changes`; `plural` where an s is not enough."""
    return f"{count} {noun if count == 1 else plural or f'{noun}s'}"


def summed(counts: Mapping[str, int]) -> str:
    """`2 granted, 1 unchanged`: what did not occur is left out; `none` where nothing did."""
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "none"


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """One line for each row, each column but the last as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)][:-1]
    return ["  ".join([*(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)), row[-1]])
            for row in rows]


def got(value: object) -> str:
    """`value` as a person wrote it: a text in quotes, cut where long; a list or object by its kind.

    A password in an address is left out: whoever reads the log need not know it.
    """
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    text = repr(_PASSWORD.sub("//...@", value)) if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 4]}...{text[-1]}"


def quoted(value: object) -> str:
    """As `got`, but a list or object as JSON, cut where long."""
    if not isinstance(value, (dict, list)):
        return got(value)
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 4]}...{text[-1]}"


def names(values: Iterable[object]) -> str:
    return ", ".join(got(value) for value in values)


def cut(text: str, limit: int = MESSAGE_LIMIT) -> str:
    """`text`, or its first `limit` characters: some services put every value there is in a refusal."""
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"
