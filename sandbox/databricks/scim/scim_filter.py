"""SCIM filters (RFC 7644 §3.4.2.2) as far as workspaces take them: eq, ne, co, sw, joined by and / or.

Values may stand without quotes, as in the examples of https://docs.databricks.com/dev-tools/api/latest/scim/scim-users.html.
"""
from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.databricks.scim.errors import bad_filter

_TERM = re.compile(r'\s*([\w.$]+)\s+(eq|ne|co|sw)\s+(?:"((?:[^"\\]|\\.)*)"|([^\s"()\[\]]+))(?=\s|$)\s*', re.IGNORECASE)
_JOIN = re.compile(r"(and|or)\b", re.IGNORECASE)
_OPERATORS: dict[str, Callable[[list[str], str], bool]] = {
    "eq": lambda have, want: want in have,
    "ne": lambda have, want: want not in have,
    "co": lambda have, want: any(want in value for value in have),
    "sw": lambda have, want: any(value.startswith(want) for value in have),
}
_MOST_TERMS = 200


@dataclass(frozen=True)
class Term:
    """All in lower case: names and values compare in any case."""

    path: str
    operator: str
    wanted: str

    def matches(self, resource: dict[str, Any]) -> bool:
        return _OPERATORS[self.operator](texts_of(resource, self.path), self.wanted)


@dataclass(frozen=True)
class Filter:
    """Holds where all terms of one alternative do: `and` binds closer than `or`."""

    alternatives: list[list[Term]]

    def matches(self, resource: dict[str, Any]) -> bool:
        return any(all(term.matches(resource) for term in terms) for terms in self.alternatives)

    @property
    def attributes(self) -> set[str]:
        return {term.path.partition(".")[0] for terms in self.alternatives for term in terms}

    def only_equal(self, *paths: str) -> str | None:
        """What one of `paths` has to equal in every resource that fits; None where the filter does not say."""
        terms = self.alternatives[0] if len(self.alternatives) == 1 else []
        return next((term.wanted for term in terms if term.operator == "eq" and term.path in paths), None)


def read_filter(text: str) -> Filter:
    alternatives: list[list[Term]] = [[]]
    position = 0
    for _ in range(_MOST_TERMS):
        term = _TERM.match(text, position)
        if term is None:
            break
        alternatives[-1].append(_term(term))
        position = term.end()
        if position == len(text):
            return Filter(alternatives)
        join = _JOIN.match(text, position)
        if join is None:
            break
        if join[1].lower() == "or":
            alternatives.append([])
        position = join.end()
    raise bad_filter(text)


def texts_of(resource: dict[str, Any], path: str) -> list[str]:
    """What stands at a path such as `emails.value`; of things with parts their `value`, where the path names none."""
    name, _, rest = path.partition(".")
    found = next((value for key, value in resource.items() if key.lower() == name.lower()), None)
    texts: list[str] = []
    for value in found if isinstance(found, list) else [found]:
        if isinstance(value, dict):
            texts += texts_of(value, rest or "value")
        elif value is not None and not rest:
            texts.append(str(value).lower())
    return texts


def _term(found: re.Match[str]) -> Term:
    quoted = re.sub(r"\\(.)", r"\1", found[3]) if found[3] is not None else found[4]
    return Term(found[1].lower(), found[2].lower(), quoted.lower())
