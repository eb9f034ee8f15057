"""Tokens into a syntax tree: literals, contexts, function calls, and what is looked up in them."""
from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from sandbox.pipelines.expressions.lexer import Token, tokens, unexpected
from sandbox.pipelines.expressions.values import ExpressionError, Value

MAX_DEPTH = 50


@dataclass(frozen=True, slots=True)
class Literal:
    value: Value


@dataclass(frozen=True, slots=True)
class Context:
    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: tuple[Tree, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Star:
    """`.*` or `[*]`: every element, or every value."""


@dataclass(frozen=True, slots=True)
class Access:
    """`base`, then each key in turn: `a.b['c'].*`."""

    base: Tree
    keys: tuple[Tree | Star, ...]


Tree: TypeAlias = "Literal | Context | Call | Access"


@lru_cache(maxsize=8192)
def parse_tree(expression: str) -> Tree:
    """The tree of `expression`, names unchecked. Raises `ExpressionError` with the position inside the text."""
    if not expression.strip():
        message = "An expression was expected"
        raise ExpressionError(message)
    parser = _Parser(expression)
    tree = parser.value(1)
    parser.take("end")
    return tree


class _Parser:
    def __init__(self, expression: str) -> None:
        self._expression = expression
        self._tokens = tokens(expression)
        self._index = 0

    @property
    def _token(self) -> Token:
        return self._tokens[self._index]

    def take(self, kind: str) -> Token:
        token = self._token
        if token.kind != kind:
            raise self._unexpected()
        self._index += 1
        return token

    def value(self, depth: int) -> Tree:
        if depth > MAX_DEPTH:
            message = f"Exceeded max expression depth {MAX_DEPTH}"
            raise ExpressionError(message)
        token = self._token
        if token.kind not in ("literal", "name"):
            raise self._unexpected()
        self._index += 1
        if token.kind == "literal":
            return Literal(token.value)
        return self._accesses(self._named(token, depth), depth)

    def _named(self, token: Token, depth: int) -> Tree:
        if self._token.kind != "(":
            return Context(token.text, token.at)
        self._index += 1
        arguments: list[Tree] = []
        while self._token.kind != ")":
            if arguments:
                self.take(",")
            arguments.append(self.value(depth + 1))
        self.take(")")
        return Call(token.text, tuple(arguments), token.at)

    def _accesses(self, base: Tree, depth: int) -> Tree:
        keys: list[Tree | Star] = []
        while self._token.kind in (".", "["):
            keys.append(self._property() if self.take(self._token.kind).kind == "." else self._index_key(depth))
        return Access(base, tuple(keys)) if keys else base

    def _property(self) -> Tree | Star:
        if self._token.kind == "*":
            self._index += 1
            return Star()
        return Literal(self.take("name").text)

    def _index_key(self, depth: int) -> Tree | Star:
        if self._token.kind == "*":
            self._index += 1
            self.take("]")
            return Star()
        key = self.value(depth + 1)
        self.take("]")
        return key

    def _unexpected(self) -> ExpressionError:
        token = self._token
        if token.kind == "end":
            return ExpressionError(f"Unexpected end of expression: '{self._expression}'")
        return unexpected(self._expression, token.text, token.at)
