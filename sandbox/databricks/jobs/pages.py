"""Lists that are read newest first, by token or by offset."""
from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from sandbox.databricks.errors import refuse

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """A token tells the id that was last seen, so a page does not shift when something new appears."""

    rows: list[Row]
    has_more: bool
    next_page_token: str
    prev_page_token: str


def page_of(rows: list[Row], identity: Callable[[Row], int], *, limit: int, offset: int = 0,
            token: str = "") -> Page[Row]:
    """`rows` newest first, their ids falling."""
    start = _start(rows, identity, limit=limit, token=token) if token else offset
    shown = rows[start:start + limit]
    more = start + limit < len(rows)
    return Page(shown, more, f"after-{identity(shown[-1])}" if more and shown else "",
                f"before-{identity(shown[0])}" if start > 0 and shown else "")


def _start(rows: list[Row], identity: Callable[[Row], int], *, limit: int, token: str) -> int:
    direction, _, number = token.partition("-")
    if direction not in {"after", "before"} or not (number.isdecimal() and len(number) <= 19):
        refuse("page_token is not valid")
    last = -int(number)
    if direction == "after":
        return bisect_right(rows, last, key=lambda row: -identity(row))
    return max(0, bisect_left(rows, last, key=lambda row: -identity(row)) - limit)
