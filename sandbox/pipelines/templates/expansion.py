"""`${{ }}` in any part of a document: values, mixed text, and the directives `if`, `each` and `insert`."""
from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sandbox.pipelines.expressions.values import ExpressionError, Value, is_array, is_object, to_text
from sandbox.pipelines.nodes import Mapping, Node, PipelineError, Scalar, Sequence
from sandbox.pipelines.templates.branches import Chain, Item, branches
from sandbox.pipelines.templates.scope import TemplateScope
from sandbox.pipelines.templates.text import (
    Directive,
    Part,
    directive_of,
    has_expression,
    lone_expression,
    split_text,
)
from sandbox.pipelines.templates.views import is_null, to_node


class Entry(NamedTuple):
    """A key, expanded, and its value, not yet expanded."""

    key: Scalar
    node: Node
    scope: TemplateScope


def expand_node(node: Node, scope: TemplateScope) -> Node:
    """`node` with every expression evaluated."""
    if scope.literal:
        scope.budget.add_node(node, node.position)
        return node
    if isinstance(node, Scalar):
        return expand_scalar(node, scope)
    with scope.budget.deeper(node.position):
        if isinstance(node, Sequence):
            return Sequence([expand_node(*item) for item in items(node, scope)], node.position)
        return mapping_of(((key, expand_node(value, inner)) for key, value, inner in entries(node, scope)), node)


def mapping_of(pairs: Iterator[tuple[Scalar, Node]], origin: Mapping) -> Mapping:
    """A mapping of `pairs`; a key that comes twice, in any case, is an error and never an override."""
    known: set[str] = set()
    collected: list[tuple[Scalar, Node]] = []
    for key, value in pairs:
        if key.text.casefold() in known:
            message = f"'{key.text}' is already defined"
            raise PipelineError(message, key.position)
        known.add(key.text.casefold())
        collected.append((key, value))
    return Mapping(collected, origin.position)


def expand_scalar(node: Scalar, scope: TemplateScope) -> Node:
    """Text, or whatever a lone expression yields."""
    if scope.literal or not has_expression(node.text):
        scope.budget.add_text(node.text, node.position)
        return node
    expression = lone_expression(node.text)
    if expression is None:
        return expand_text(node, scope)
    result = to_node(scope.evaluate(expression, node.position), node.position)
    scope.budget.add_node(result, node.position)
    return result


def expand_text(node: Scalar, scope: TemplateScope) -> Scalar:
    """Text with expressions in it. Arrays and objects have no text and raise."""
    if scope.literal or not has_expression(node.text):
        return node
    try:
        parts = split_text(node.text)
        texts = [_part_text(part, node, scope) for part in parts]
    except ExpressionError as error:
        raise PipelineError(str(error), node.position) from error
    text = "".join(texts)
    scope.budget.add_text(text, node.position)
    return Scalar(text, node.position, plain=False)


def _part_text(part: Part, node: Scalar, scope: TemplateScope) -> str:
    text = to_text(scope.evaluate(part.text, node.position)) if part.is_expression else part.text
    scope.budget.add_text(text, node.position)
    return text


def items(sequence: Sequence, scope: TemplateScope) -> Iterator[Item]:
    """The items of `sequence` with directives applied and arrays flattened; values are left to the caller."""
    chain = Chain()
    for node in sequence.items:
        scope.budget.add_event(node.position)
        directive = None if scope.literal else _item_directive(node)
        if directive and isinstance(node, Mapping):
            yield from _directive_items(directive, node, scope, chain)
        elif isinstance(node, Scalar) and not scope.literal and (expression := lone_expression(node.text)) is not None:
            yield from _value_items(scope.evaluate(expression, node.position), node, scope)
        else:
            yield Item(node, scope)


def entries(mapping: Mapping, scope: TemplateScope) -> Iterator[Entry]:
    """The entries of `mapping` with directives applied and keys expanded; values are left to the caller."""
    chain = Chain()
    for key, node in mapping.entries:
        scope.budget.add_event(key.position)
        directive = None if scope.literal else _directive(key)
        if directive is None:
            yield Entry(expand_text(key, scope), node, scope)
            continue
        for body, inner in branches(directive, Item(node, scope), key.position, chain):
            yield from _body_entries(body, inner)


def _directive(key: Scalar) -> Directive | None:
    try:
        return directive_of(key.text)
    except ExpressionError as error:
        raise PipelineError(str(error), key.position) from error


def _item_directive(node: Node) -> Directive | None:
    return _directive(node.entries[0][0]) if isinstance(node, Mapping) and len(node.entries) == 1 else None


def _directive_items(directive: Directive, node: Mapping, scope: TemplateScope, chain: Chain) -> Iterator[Item]:
    key, body = node.entries[0]
    found = list(branches(directive, Item(body, scope), key.position, chain))
    if directive.keyword in ("each", "insert") and isinstance(body, Mapping):
        if found:  # all turns of the loop write into one mapping
            yield Item(node, scope)
        return
    for part, inner in found:
        if isinstance(part, Sequence):
            yield from items(part, inner)
        elif isinstance(part, Mapping):
            yield Item(part, inner)
        else:
            value = _body_value(part, inner)
            if value is not None and not is_array(value) and not is_object(value):
                message = "Expected a sequence or mapping"
                raise PipelineError(message, part.position)
            yield from _value_items(value, part, inner) if value is not None else ()


def _value_items(value: Value, node: Scalar, scope: TemplateScope) -> Iterator[Item]:
    found = list(value) if is_array(value) else [value]
    for item in found:
        scope.budget.add_event(node.position)
        yield Item(to_node(item, node.position), scope.as_literal())


def _body_entries(body: Node, scope: TemplateScope) -> Iterator[Entry]:
    if isinstance(body, Scalar):
        value = _body_value(body, scope)
        if value is None:
            return
        scope, body = scope.as_literal(), to_node(value, body.position)
    if not isinstance(body, Mapping):
        message = "Expected a mapping"
        raise PipelineError(message, body.position)
    yield from entries(body, scope)


def _body_value(body: Scalar, scope: TemplateScope) -> Value:
    """What a scalar body inserts: Null where it is empty."""
    expression = None if scope.literal else lone_expression(body.text)
    if expression is not None:
        return scope.evaluate(expression, body.position)
    return None if is_null(body) else body.text
