"""Parameters of a file bound to the values it is given, each by its type."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass
from decimal import Decimal

from sandbox.pipelines.expressions import Named, Value
from sandbox.pipelines.expressions.values import ExpressionError, to_number
from sandbox.pipelines.nodes import Mapping, Node, PipelineError, Position, Scalar, Sequence
from sandbox.pipelines.templates.check import check_typed
from sandbox.pipelines.templates.declarations import LIST_TYPES, OBJECT_TYPES, Declaration, read_declarations
from sandbox.pipelines.templates.expansion import Entry, expand_node
from sandbox.pipelines.templates.scope import TemplateScope
from sandbox.pipelines.templates.views import is_null, to_value

Convert = Callable[[str, Node, TemplateScope], Node]


@dataclass(frozen=True)
class Given:
    """Values handed to a file, each with the scope it was written in; `convert` makes typed lists of them."""

    values: AbstractMapping[str, Entry]
    position: Position
    convert: Convert
    is_entry: bool = False


def given_from(
    entries: Iterable[Entry], position: Position, convert: Convert, *, is_entry: bool = False
) -> Given:
    return Given({entry.key.text.casefold(): entry for entry in entries}, position, convert, is_entry)


def bind(declared: Node | None, given: Given, own_scope: TemplateScope) -> Named:
    """The `parameters` a file sees. `own_scope` is where its defaults stand."""
    if isinstance(declared, Mapping):
        return _bind_untyped(declared, given, own_scope)
    declarations = read_declarations(declared, is_entry=given.is_entry)
    names = {declaration.name.casefold() for declaration in declarations}
    for folded, entry in given.values.items():
        if folded not in names:
            message = f"Unexpected parameter '{entry.key.text}'"
            raise PipelineError(message, entry.key.position)
    return Named({item.name: _bound(item, given, own_scope) for item in declarations}, strict=True)


def _bind_untyped(declared: Mapping, given: Given, own_scope: TemplateScope) -> Named:
    """The old way, `parameters: {name: default}`: anything may be passed, and nothing is required."""
    values: dict[str, Value] = {}
    passed = dict(given.values)
    for key, default in declared.entries:
        entry = passed.pop(key.text.casefold(), Entry(key, default, own_scope))
        values[key.text] = to_value(expand_node(entry.node, entry.scope))
    for entry in passed.values():
        values[entry.key.text] = to_value(expand_node(entry.node, entry.scope))
    return Named(values, strict=True)


def _bound(item: Declaration, given: Given, own_scope: TemplateScope) -> Value:
    entry = given.values.get(item.name.casefold())
    if entry is not None:
        return _typed(item, entry.node, entry.scope, given.convert)
    if item.default is None:
        message = f"A value for the '{item.name}' parameter must be provided."
        raise PipelineError(message, given.position)
    return _typed(item, item.default, own_scope, given.convert)


def _typed(item: Declaration, node: Node, scope: TemplateScope, convert: Convert) -> Value:
    if item.kind in LIST_TYPES:
        return _list_or_element(item, convert(LIST_TYPES[item.kind], node, scope))
    node = expand_node(node, scope)
    if item.kind in OBJECT_TYPES:
        return to_value(node)
    if item.kind == "stringlist":
        return _string_list(item, node)
    if not isinstance(node, Scalar):
        message = f"The '{item.name}' parameter is not a valid {item.shown_kind}."
        raise PipelineError(message, node.position)
    text = "" if is_null(node) else node.text
    value = _scalar(item, text, node.position)
    _check_allowed(item, text, node.position)
    return value


def _list_or_element(item: Declaration, node: Node) -> Value:
    if not isinstance(node, Sequence if item.kind.endswith("list") else Mapping):
        message = f"The '{item.name}' parameter is not a valid {item.shown_kind}."
        raise PipelineError(message, node.position)
    part = LIST_TYPES[item.kind]
    check_typed(node, "job|deployment" if part in ("job", "deployment") else part)
    return to_value(node)


def _scalar(item: Declaration, text: str, position: Position) -> Value:
    value: Value = text
    if item.kind == "boolean":
        value = {"true": True, "false": False}.get(text.lower())
    elif item.kind == "number":
        value = _number(text)
    if value is None:
        message = f"The '{item.name}' parameter value '{text}' is not a valid {item.shown_kind}."
        raise PipelineError(message, position)
    return value


def _number(text: str) -> Decimal | None:
    try:
        return to_number(text) if text else None
    except ExpressionError:
        return None


def _string_list(item: Declaration, node: Node) -> Value:
    if not isinstance(node, Sequence) or not all(isinstance(inner, Scalar) for inner in node.items):
        message = f"The '{item.name}' parameter is not a valid StringList."
        raise PipelineError(message, node.position)
    for inner in node.items:
        if isinstance(inner, Scalar):
            _check_allowed(item, inner.text, inner.position)
    return to_value(node)


def _check_allowed(item: Declaration, text: str, position: Position) -> None:
    if item.values and text not in item.values:
        known = ", ".join(item.values)
        message = f"The '{item.name}' parameter value '{text}' is not an allowed value. Possible values: {known}"
        raise PipelineError(message, position)
