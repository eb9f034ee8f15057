"""A syntax tree and a scope into a value."""
from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sandbox.pipelines.expressions.functions import FUNCTIONS, Function
from sandbox.pipelines.expressions.lexer import unrecognized
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
        raise unrecognized(text, tree.name, tree.at)
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
    wrong = "few" if len(call.arguments) < function.least else "many"
    if wrong == "few" or (function.most is not None and len(call.arguments) > function.most):
        where = f"Located at position {call.at} within expression: '{text}'"
        message = f"Too {wrong} parameters supplied: '{call.name}'. {where}"
        raise ExpressionError(message)
    return function


def _evaluate(tree: Tree, scope: Scope, text: str) -> Value:
    if isinstance(tree, Literal):
        return tree.value
    if isinstance(tree, Context):
        name = tree.name.lower()
        if name not in scope.contexts:
            raise unrecognized(text, tree.name, tree.at)
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
        found = (_member(item, key) for item in value)
        return _Filtered([item for item in found if item is not None])
    if isinstance(value, Named):
        return value.find(to_text(key))
    if is_object(value):
        return value.get(to_text(key)) if not (is_array(key) or is_object(key)) else None
    return _item(value, key) if is_array(value) else None


def _item(values: Value, key: Value) -> Value:
    try:
        index = to_number(key) if key not in (None, "") else -1
    except ExpressionError:
        return None
    return values[int(index)] if is_array(values) and 0 <= index < len(values) else None
