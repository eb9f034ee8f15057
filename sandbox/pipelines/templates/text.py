"""Text with `${{ }}` in it: its parts, and the directives that stand as keys."""
from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from sandbox.pipelines.expressions.values import ExpressionError

KEYWORDS = ("if", "elseif", "else", "each", "insert")
_OPEN = "${{"
_INSIDE = re.compile(r"'(?:[^']|'')*'|\}\}|.", re.DOTALL)
_WORD = re.compile(r"(?:'[^']*'|[^\s'])+")
_EACH = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\s+in\s+(\S.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Part:
    text: str
    is_expression: bool


@dataclass(frozen=True, slots=True)
class Directive:
    """`expression` is empty for `else` and `insert`; `name` is the loop name of `each`."""

    keyword: str
    expression: str = ""
    name: str = ""


@lru_cache(maxsize=8192)
def split_text(text: str) -> tuple[Part, ...]:
    """Plain and expression parts of `text`. Raises `ExpressionError` where a `${{` is not closed."""
    parts: list[Part] = []
    end = 0
    while (start := text.find(_OPEN, end)) >= 0:
        if start > end:
            parts.append(Part(text[end:start], is_expression=False))
        close = _closing(text, start + len(_OPEN))
        parts.append(Part(text[start + len(_OPEN) : close].strip(), is_expression=True))
        end = close + 2
    if end < len(text) or not parts:
        parts.append(Part(text[end:], is_expression=False))
    return tuple(parts)


def has_expression(text: str) -> bool:
    return _OPEN in text


def lone_expression(text: str) -> str | None:
    """The expression, where it is all there is."""
    if not has_expression(text):
        return None
    parts = split_text(text)
    return parts[0].text if len(parts) == 1 and parts[0].is_expression else None


@lru_cache(maxsize=8192)
def directive_of(key: str) -> Directive | None:
    """The directive which a mapping key is. Keywords do not fold case. Raises `ExpressionError` for a malformed one."""
    content = lone_expression(key)
    words = content.split(maxsplit=1) if content else []
    if not words or words[0] not in KEYWORDS:
        return None
    keyword, rest = words[0], words[1] if len(words) > 1 else ""
    if keyword == "each":
        match = _EACH.fullmatch(rest)
        if match is None:
            message = f"The directive '{content}' is not valid: expected 'each name in expression'"
            raise ExpressionError(message)
        return Directive(keyword, match[2], match[1])
    if (keyword in ("else", "insert")) == bool(rest):
        expected = 0 if rest else 1
        message = f"Exactly {expected} parameter(s) were expected following the directive '{keyword}'. "
        raise ExpressionError(message + f"Actual parameter count: {len(_WORD.findall(rest))}")
    return Directive(keyword, rest)


def _closing(text: str, start: int) -> int:
    for match in _INSIDE.finditer(text, start):
        if match[0] == "}}":
            return match.start()
    message = (
        "The expression is not closed. An unescaped ${{ sequence was found, but the closing }} sequence was not found."
    )
    raise ExpressionError(message)
