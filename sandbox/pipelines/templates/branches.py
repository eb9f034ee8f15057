"""How often the body of a directive is written: never, once, or once for each element."""
from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sandbox.pipelines.expressions.values import is_array, is_object, truthy
from sandbox.pipelines.nodes import Node, PipelineError, Position
from sandbox.pipelines.templates.scope import TemplateScope
from sandbox.pipelines.templates.text import Directive


class Item(NamedTuple):
    """A part of the document, not yet expanded, and where it stands."""

    node: Node
    scope: TemplateScope


class Chain:
    """An `if` and what follows it. `won` is None outside a chain."""

    def __init__(self) -> None:
        self.won: bool | None = None


def branches(directive: Directive, body: Item, at: Position, chain: Chain) -> Iterator[Item]:
    """The body once for each time it is to be written: never, once, or once for each element."""
    keyword, scope = directive.keyword, body.scope
    if keyword in ("elseif", "else") and chain.won is None:
        message = f"The directive '{keyword}' has no 'if' before it"
        raise PipelineError(message, at)
    if keyword in ("each", "insert"):
        chain.won = None
        yield from _turns(directive, body, at) if keyword == "each" else (body,)
        return
    before = bool(chain.won) and keyword != "if"
    wins = not before and (keyword == "else" or truthy(scope.evaluate(directive.expression, at)))
    chain.won = None if keyword == "else" else before or wins
    if wins:
        yield body


def _turns(directive: Directive, body: Item, at: Position) -> Iterator[Item]:
    collection = body.scope.evaluate(directive.expression, at)
    if is_object(collection):
        collection = [{"key": key, "value": value} for key, value in collection.items()]
    elif collection is None:
        collection = []
    elif not is_array(collection):
        message = f"Expected a sequence or mapping. Actual value '{collection}'"
        raise PipelineError(message, at)
    for value in collection:
        body.scope.budget.add_event(at)
        yield Item(body.node, body.scope.with_loop(directive.name, value))
