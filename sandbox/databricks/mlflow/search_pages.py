"""The order of what a search found, and its pages."""
from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import TypeAlias, TypeVar

from sandbox.databricks.errors import refuse
from sandbox.databricks.mlflow.search_filter import Value, split_identifier

Row = TypeVar("Row")
LookAt: TypeAlias = "Callable[[Row, str, str], Value]"
_CLAUSES = 100


def in_order(rows: Iterable[Row], clauses: Sequence[str], look: LookAt[Row],
             entities: Mapping[str, str]) -> Iterable[Row]:
    """Ordered by clauses such as `metrics.rmse DESC`; rows without the value come last in both directions.

    Without any clause they are not even looked at.
    """
    if not clauses:
        return rows
    if len(clauses) > _CLAUSES:
        refuse(f"order_by has more than {_CLAUSES} clauses")
    ordered = list(rows)
    for clause in reversed(clauses):
        name, descending = _direction(clause)
        entity, key = split_identifier(name, entities)
        values = [look(row, entity, key) for row in ordered]
        known = [at for at, value in enumerate(values) if _is_comparable(value)]
        known.sort(key=lambda at: values[at], reverse=descending)  # type: ignore[arg-type, return-value]
        rest = sorted(set(range(len(ordered))).difference(known))
        ordered = [ordered[at] for at in [*known, *rest]]
    return ordered


def page(rows: Iterable[Row], size: int, token: str, *, largest: int) -> tuple[list[Row], str]:
    """One page of at most `size` rows, and the token of the next, empty at the end; what follows is not looked at."""
    if not 1 <= size <= largest:
        refuse(f"Invalid value {size} for parameter 'max_results' supplied. It must be at least 1 and at most "
               f"{largest}")
    start = _read(token) if token else 0
    found = list(islice(rows, start, start + size + 1))
    return found[:size], _write(start + size) if len(found) > size else ""


def _direction(clause: str) -> tuple[str, bool]:
    name, _, last = clause.strip().rpartition(" ")
    if last.upper() in {"ASC", "DESC"} and name:
        return name.strip(), last.upper() == "DESC"
    return clause.strip(), False


def _is_comparable(value: Value) -> bool:
    return value is not None and not (isinstance(value, float) and math.isnan(value))


def _write(offset: int) -> str:
    return base64.urlsafe_b64encode(f"offset:{offset}".encode()).decode()


def _read(token: str) -> int:
    try:
        word, _, number = base64.urlsafe_b64decode(token.encode()).decode().partition(":")
    except (binascii.Error, UnicodeError, ValueError):
        word, number = "", ""
    if word != "offset" or not (number.isascii() and number.isdecimal() and len(number) < 19):
        refuse("Invalid page token, could not base64-decode")
    return int(number)
