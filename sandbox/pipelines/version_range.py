"""Version ranges as tool tasks write them: `3.x`, `>=3.10`, `>=3.10 <3.13`, `~3.11`, `3.10 || 3.12`."""
from __future__ import annotations

import re
from collections.abc import Sequence

_PART = re.compile(r"(>=|<=|>|<|=|~|\^)?\s*v?(\d+|[xX*])(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?")
_WIDEST = 1 << 30


def satisfies(version: Sequence[int], text: str) -> bool:
    """Whether `major.minor.patch` is in the range; ValueError where the range cannot be read."""
    return any(_all_hold(tuple(version), alternative) for alternative in text.split("||"))


def _all_hold(version: tuple[int, ...], text: str) -> bool:
    rest, holds = text.strip(), True
    if not rest:
        message = f"the version range {text!r} is empty"
        raise ValueError(message)
    while rest:
        found = _PART.match(rest)
        if not found or (found.end() < len(rest) and not rest[found.end()].isspace()):
            message = f"the version range {text.strip()!r} cannot be read"
            raise ValueError(message)
        holds = _holds(version, found.group(1) or "=", found.groups()[1:]) and holds
        rest = rest[found.end() :].strip()
    return holds


def _holds(version: tuple[int, ...], operator: str, parts: Sequence[str | None]) -> bool:
    numbers = [int(part) for part in parts if part and part.isdigit()]
    first, after = _bounds(numbers)
    if operator in ("~", "^"):
        kept = 1 if operator == "^" else 2
        after = _bounds(numbers[:kept])[1]
    return {
        "=": first <= version < after, "~": first <= version < after, "^": first <= version < after,
        ">=": version >= first, "<": version < first, ">": version >= after, "<=": version < after,
    }[operator]


def _bounds(numbers: list[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The first version a partial one stands for, and the first one after those."""
    first = (*numbers, 0, 0, 0)[:3]
    if not numbers:
        return first, (_WIDEST,)
    return first, (*numbers[:-1], numbers[-1] + 1, 0, 0)[:3]
