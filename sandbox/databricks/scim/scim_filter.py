"""SCIM filters (RFC 7644 §3.4.2.2) as far as workspaces take them: eq, ne, co, sw, joined by and / or."""
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sandbox.databricks.errors import ScimError

_TERM = re.compile(r'\s*([\w.]+)\s+(eq|ne|co|sw)\s+(?:"((?:[^"\\]|\\.)*)"|(true|false))\s*', re.IGNORECASE)
_JOIN = re.compile(r"(and|or)\b", re.IGNORECASE)
_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "eq": lambda have, want: have == want,
    "ne": lambda have, want: have != want,
    "co": lambda have, want: want in have,
    "sw": lambda have, want: have.startswith(want),
}


def matches(text: str) -> Callable[[dict[str, Any]], bool]:
    """A test for resources; names and values compare in any case, `and` binds closer than `or`."""
    alternatives: list[list[Callable[[dict[str, Any]], bool]]] = [[]]
    position = 0
    while True:
        term = _TERM.match(text, position)
        if term is None:
            raise _bad_filter(text)
        alternatives[-1].append(_test(term))
        position = term.end()
        if position == len(text):
            return lambda resource: any(all(test(resource) for test in tests) for tests in alternatives)
        join = _JOIN.match(text, position)
        if join is None:
            raise _bad_filter(text)
        if join[1].lower() == "or":
            alternatives.append([])
        position = join.end()


def _test(term: re.Match[str]) -> Callable[[dict[str, Any]], bool]:
    wanted = (term[4] or re.sub(r"\\(.)", r"\1", term[3] or "")).lower()
    operator = _OPERATORS[term[2].lower()]
    name = term[1].lower()
    return lambda resource: operator(_text(resource, name), wanted)


def _text(resource: dict[str, Any], name: str) -> str:
    return next((str(value).lower() for key, value in resource.items() if key.lower() == name), "")


def _bad_filter(text: str) -> ScimError:
    return ScimError(400, f"Given filter operator is not supported: {text!r}", "invalidFilter")
