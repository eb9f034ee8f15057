"""Tokens into a syntax tree: literals, contexts, function calls, and what is looked up in them."""
from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from sandbox.pipelines.expressions.lexer import Token, located, tokens, too_deep, unexpected, unrecognized
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
    """`ends` is where the comma or parenthesis after each argument stands; at least the closing one."""

    name: str
    arguments: tuple[Tree, ...]
    at: int
    ends: tuple[int, ...]


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
        self._open: list[tuple[str, Token]] = []

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
            raise too_deep(MAX_DEPTH)
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
        self._open.append(("function", token))
        arguments: list[Tree] = []
        ends: list[int] = []
        while self._token.kind != ")":
            if arguments:
                ends.append(self.take(",").at)
            arguments.append(self.value(depth + 1))
        ends.append(self.take(")").at)
        self._open.pop()
        return Call(token.text, tuple(arguments), token.at, tuple(ends))

    def _accesses(self, base: Tree, depth: int) -> Tree:
        keys: list[Tree | Star] = []
        while self._token.kind in (".", "["):
            keys.append(self._property() if self.take(self._token.kind).kind == "." else self._index_key(depth))
        return Access(base, tuple(keys)) if keys else base

    def _property(self) -> Tree | Star:
        token = self._token
        if token.kind == "*":
            self._index += 1
            return Star()
        if token.kind == "end":
            what = "Expected a property name to follow the dereference operator '.'"
            raise located(what, self._tokens[self._index - 1], self._expression)
        if token.kind != "name":
            raise unexpected(self._expression, token.text, token.at)
        self._index += 1
        return Literal(token.text)

    def _index_key(self, depth: int) -> Tree | Star:
        self._open.append(("indexer", self._tokens[self._index - 1]))
        key: Tree | Star = Star()
        if self._token.kind == "*":
            self._index += 1
        else:
            key = self.value(depth + 1)
        self.take("]")
        self._open.pop()
        return key

    def _unexpected(self) -> ExpressionError:
        token = self._token
        if token.kind == "end" and self._open:
            kind, opened = self._open[-1]
            return located(f"Unclosed {kind}", opened, self._expression)
        wrong = unrecognized if token.kind == "malformed" else unexpected
        return wrong(self._expression, token.text, token.at)
