"""Lists that are read page by page, where the token of a page is the number of rows before it."""
from __future__ import annotations

import base64
from collections.abc import Iterable
from itertools import islice
from typing import TypeVar

from sandbox.databricks.errors import refuse

Row = TypeVar("Row")


def page(rows: Iterable[Row], size: int, token: str, *, largest: int,
         named: str = "max_results") -> tuple[list[Row], str]:
    """One page of at most `size` rows, and the token of the next, empty at the end; what follows is not looked at.

    `named` is the parameter that asks for the size.
    """
    if not 1 <= size <= largest:
        refuse(f"Invalid value {size} for parameter '{named}' supplied. It must be at least 1 and at most {largest}")
    start = _read(token) if token else 0
    found = list(islice(rows, start, start + size + 1))
    return found[:size], _write(start + size) if len(found) > size else ""


def _write(offset: int) -> str:
    return base64.urlsafe_b64encode(f"offset:{offset}".encode()).decode()


def _read(token: str) -> int:
    try:
        word, _, number = base64.urlsafe_b64decode(token.encode()).decode().partition(":")
    except ValueError:
        word, number = "", ""
    if word != "offset" or not (number.isascii() and number.isdecimal() and len(number) < 19):
        refuse("Invalid page token, could not base64-decode")
    return int(number)
