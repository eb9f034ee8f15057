"""How counts are told to people."""
from __future__ import annotations


def counted(count: int, noun: str, plural: str = "") -> str:
    """`1 change`, `2 changes`; `plural` where an s is not enough."""
    return f"{count} {noun if count == 1 else plural or f'{noun}s'}"
