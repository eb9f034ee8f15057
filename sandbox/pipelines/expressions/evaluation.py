"""A syntax tree and a scope into a value."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sandbox.pipelines.expressions.functions import FUNCTIONS, Function
from sandbox.pipelines.expressions.lexer import Token, located, unexpected, unrecognized
from sandbox.pipelines.expressions.parser import Access, Call, Context, Literal, Star, Tree, parse_tree
from sandbox.pipelines.expressions.values import (
    ExpressionError,
    Named,
    Value,
    is_array,
    is_object,
    to_number,
    to_text,
    truthy,
)
from sandbox.pipelines.nodes import PipelineError, Position


@dataclass(frozen=True)
class Scope:
    """What an expression can name: contexts by their name in lower case, and functions beyond the built-in ones."""

    contexts: Mapping[str, Value]
    functions: Mapping[str, Function] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expression:
    text: str
    tree: Tree
    position: Position | None

    def evaluate(self, scope: Scope) -> Value:
        """The value in `scope`. Raises `PipelineError` with the position of the expression's own text."""
        try:
            return _evaluate(self.tree, scope, self.text)
        except ExpressionError as error:
            raise PipelineError(str(error), self.position) from error


class _Filtered(list[Value]):
    """The result of `.*`: the next key is looked up in each element, and misses are left out."""


def parse(
    text: str,
    position: Position | None = None,
    *,
    contexts: Collection[str] | None = None,
    functions: Mapping[str, Function] | None = None,
) -> Expression:
    """Read `text`. With `contexts` (in lower case), any other context and unknown functions are refused here."""
    try:
        tree = parse_tree(text)
        if contexts is not None:
            _check(tree, contexts, functions or {}, text)
    except ExpressionError as error:
        raise PipelineError(str(error), position) from error
    return Expression(text, tree, position)


def _check(tree: Tree, contexts: Collection[str], functions: Mapping[str, Function], text: str) -> None:
    if isinstance(tree, Context) and tree.name.lower() not in contexts:
        raise _no_context(tree, functions, text)
    if isinstance(tree, Call):
        _function(tree, functions, text)
    for child in _children(tree):
        _check(child, contexts, functions, text)


def _children(tree: Tree) -> tuple[Tree, ...]:
    if isinstance(tree, Call):
        return tree.arguments
    if isinstance(tree, Access):
        return (tree.base, *(key for key in tree.keys if not isinstance(key, Star)))
    return ()


def _function(call: Call, extra: Mapping[str, Function], text: str) -> Function:
    function = extra.get(call.name.lower()) or FUNCTIONS.get(call.name.lower())
    if function is None:
        raise unrecognized(text, call.name, call.at)
    count = len(call.arguments)
    if count < function.least:
        raise _wrong_count(call, text, ")", call.ends[-1], f"too few parameters supplied: '{call.name}'")
    if function.most is not None and count > function.most:
        symbol, at = (",", call.ends[function.most - 1]) if function.most else (")", call.ends[-1])
        raise _wrong_count(call, text, symbol, at, f"too many parameters supplied: '{call.name}'")
    return function


def _wrong_count(call: Call, text: str, symbol: str, at: int, why: str) -> ExpressionError:
    """The service names only the symbol that comes too early or too late."""
    return ExpressionError(f"{unexpected(text, symbol, at)}; {why} has {len(call.arguments)}")


def _no_context(context: Context, functions: Mapping[str, Function], text: str) -> ExpressionError:
    name = context.name.lower()
    if name in functions or name in FUNCTIONS:
        return located("Expected '(' to follow a function", Token("", context.name, context.at), text)
    return unrecognized(text, context.name, context.at)


def _evaluate(tree: Tree, scope: Scope, text: str) -> Value:
    if isinstance(tree, Literal):
        return tree.value
    if isinstance(tree, Context):
        name = tree.name.lower()
        if name not in scope.contexts:
            raise _no_context(tree, scope.functions, text)
        return scope.contexts[name]
    if isinstance(tree, Call):
        return _call(tree, scope, text)
    value = _evaluate(tree.base, scope, text)
    for key in tree.keys:
        value = _all(value) if isinstance(key, Star) else _member(value, _evaluate(key, scope, text))
    return value


def _call(call: Call, scope: Scope, text: str) -> Value:
    function = _function(call, scope.functions, text)
    name = call.name.lower()
    if name in ("and", "or"):
        wanted = name == "or"
        return wanted if any(truthy(_evaluate(item, scope, text)) == wanted for item in call.arguments) else not wanted
    return function.call([_evaluate(item, scope, text) for item in call.arguments])


def _all(value: Value) -> Value:
    if isinstance(value, _Filtered):
        return _Filtered([inner for item in value for inner in _elements(item)])
    return _Filtered(_elements(value))


def _elements(value: Value) -> list[Value]:
    if is_array(value):
        return list(value)
    return list(value.values()) if is_object(value) else []


def _member(value: Value, key: Value) -> Value:
    if isinstance(value, _Filtered):
        return _Filtered([_member(item, key) for item in value if _has_member(item, key)])
    if isinstance(value, Named):
        return value.find(to_text(key))
    if is_object(value):
        return value.get(to_text(key)) if not (is_array(key) or is_object(key)) else None
    return _item(value, key) if is_array(value) else None


def _has_member(value: Value, key: Value) -> bool:
    """Whether `key` is there, with Null as its value perhaps."""
    if is_object(value):
        return not (is_array(key) or is_object(key)) and to_text(key) in value
    return is_array(value) and _index(value, key) is not None


def _item(values: Sequence[Value], key: Value) -> Value:
    index = _index(values, key)
    return None if index is None else values[index]


def _index(values: Sequence[Value], key: Value) -> int | None:
    """The place `key` means: the floor of what is a number of 0 or more."""
    try:
        number = to_number(key)
    except ExpressionError:
        return None
    return int(number) if 0 <= number < len(values) else None
