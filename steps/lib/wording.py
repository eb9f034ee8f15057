"""How counts and tables are told to people."""
from __future__ import annotations

from collections.abc import Mapping, Sequence


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
