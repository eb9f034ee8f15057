"""Filters of MLflow searches: `metrics.rmse < 1 AND tags.team = 'risk'`.

The grammar is that of https://mlflow.org/docs/latest/search-runs.html: comparisons joined by AND, nothing else.
"""
from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NoReturn

from sandbox.databricks.errors import refuse
from sandbox.databricks.mlflow.conditions import Condition

_LONGEST = 50_000
_LONGEST_PATTERN = 500
_TOKEN = re.compile(r"""\s*(?:
    (?P<text>'[^']*'|"[^"]*") | (?P<quoted>`[^`]*`) | (?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w.]))
    | (?P<operator><=|>=|!=|=|<|>) | (?P<mark>[(),.]) | (?P<word>[\w$/-]+))""", re.VERBOSE)
_OF_TEXTS = ("=", "!=", "LIKE", "ILIKE")
_OF_NUMBERS = ("=", "!=", "<", "<=", ">", ">=")


def read_filter(text: str, entities: Mapping[str, str]) -> list[Condition]:
    """The conditions of `text`; `entities` gives the entity for each word of it, that for `""` where none is said."""
    if len(text) > _LONGEST:
        refuse(f"Invalid filter: it has more than {_LONGEST} characters")
    return _Reading(text, entities).conditions() if text.strip() else []


def split_identifier(text: str, entities: Mapping[str, str]) -> tuple[str, str]:
    """Entity and key of such as ``tags.`my key` ``, and of a key alone."""
    reading = _Reading(text, entities)
    found = reading.identifier()
    reading.end()
    return found


class _Reading:
    def __init__(self, text: str, entities: Mapping[str, str]) -> None:
        self._text = text
        self._entities = entities
        self._tokens = self._split(text)
        self._at = 0

    def conditions(self) -> list[Condition]:
        found = [self._condition()]
        while self._at < len(self._tokens):
            if self._next()[1].upper() != "AND":
                self._refuse("only comparisons joined by AND are supported")
            found.append(self._condition())
        return found

    def identifier(self) -> tuple[str, str]:
        kind, first = self._next()
        if kind not in {"word", "quoted", "text"}:
            self._refuse(f"expected an identifier, found {first!r}")
        if self._peek() != ".":
            return self._entity(""), _bare(first)
        self._next()
        # A key may have dots of its own: `metrics.val.loss`.
        parts = [_bare(self._next()[1])]
        while self._peek() == ".":
            self._next()
            parts.append(_bare(self._next()[1]))
        return self._entity(first), ".".join(parts)

    def end(self) -> None:
        if self._at < len(self._tokens):
            self._refuse(f"unexpected {self._tokens[self._at][1]!r}")

    def _condition(self) -> Condition:
        entity, key = self.identifier()
        _, operator = self._next()
        operator = operator.upper()
        if operator in {"IN", "NOT"}:
            return Condition(entity, key, *self._list_of(operator))
        kind, value = self._next()
        if operator in {"LIKE", "ILIKE"} and len(value) > _LONGEST_PATTERN:
            self._refuse(f"a pattern has more than {_LONGEST_PATTERN} characters")
        if kind == "text" and operator in _OF_TEXTS:
            return Condition(entity, key, operator, _bare(value))
        if kind == "number" and operator in _OF_NUMBERS:
            return Condition(entity, key, operator, float(value))
        return self._refuse(f"{operator} {value} is not a comparison with a quoted text or a number")

    def _list_of(self, operator: str) -> tuple[str, tuple[str, ...]]:
        if operator == "NOT" and self._next()[1].upper() != "IN":
            self._refuse("expected IN after NOT")
        self._expect("(")
        texts = [self._quoted()]
        while self._peek() == ",":
            self._next()
            texts.append(self._quoted())
        self._expect(")")
        return ("NOT IN" if operator == "NOT" else "IN"), tuple(texts)

    def _quoted(self) -> str:
        kind, value = self._next()
        return _bare(value) if kind == "text" else self._refuse(f"expected a quoted text, found {value!r}")

    def _expect(self, mark: str) -> None:
        if self._next()[1] != mark:
            self._refuse(f"expected {mark!r}")

    def _entity(self, word: str) -> str:
        entity = self._entities.get(word.lower())
        return entity if entity is not None else self._refuse(f"unknown entity {word!r}")

    def _peek(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def _next(self) -> tuple[str, str]:
        if self._at == len(self._tokens):
            self._refuse("it ends too early")
        self._at += 1
        return self._tokens[self._at - 1]

    def _split(self, text: str) -> list[tuple[str, str]]:
        tokens, at = [], 0
        while at < len(text.rstrip()):
            token = _TOKEN.match(text, at)
            if token is None or token.lastgroup is None:
                self._refuse(f"cannot read {text[at:at + 20]!r}")
            tokens.append((token.lastgroup, token[token.lastgroup]))
            at = token.end()
        return tokens

    def _refuse(self, problem: str) -> NoReturn:
        refuse(f"Invalid filter {self._text[:200]!r}: {problem}")


def _bare(token: str) -> str:
    return token[1:-1] if token[:1] in {"'", '"', "`"} else token
