"""Parameter declarations: https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/parameters-parameter."""
from __future__ import annotations

from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass

from sandbox.pipelines.expressions import parse
from sandbox.pipelines.expressions.parser import Literal
from sandbox.pipelines.nodes import Mapping, Node, PipelineError, Position, Scalar, Sequence, misplaced
from sandbox.pipelines.templates.text import has_expression, lone_expression
from sandbox.pipelines.templates.views import is_null

TEXT_TYPES = ("string", "environment", "filepath", "securefile", "serviceconnection")
OBJECT_TYPES = ("object", "legacyobject", "container", "containerlist", "pool")
LIST_TYPES: AbstractMapping[str, str] = {
    "steplist": "steps", "joblist": "jobs", "deploymentlist": "jobs", "stagelist": "stages",
    "step": "step", "job": "job", "deployment": "job", "stage": "stage",
}
TEMPLATE_ONLY_TYPES = ("container", "containerlist")
ENTRY_ONLY_TYPES = ("stringlist",)
_NOT_ALLOWED = "A template expression is not allowed in this context"
_KEYS = ("name", "type", "displayName", "default", "values")


@dataclass(frozen=True)
class Declaration:
    """`kind` is the type in lower case; `default` None means required."""

    name: str
    kind: str
    shown_kind: str
    default: Node | None
    values: tuple[str, ...]
    position: Position


def read_declarations(declared: Node | None, *, is_entry: bool) -> list[Declaration]:
    """The list form of a `parameters:` block; raises `PipelineError` where it is malformed."""
    if declared is None or is_null(declared):
        return []
    if not isinstance(declared, Sequence):
        raise misplaced(declared, "a sequence")
    found = [_declaration(node) for node in declared.items]
    names = [item.name.casefold() for item in found]
    for item in found:
        if item.kind in (TEMPLATE_ONLY_TYPES if is_entry else ENTRY_ONLY_TYPES):
            message = f"Unexpected value '{item.shown_kind}'"
            raise PipelineError(message, item.position)
        if names.count(item.name.casefold()) > 1:
            message = f"The '{item.name}' parameter is declared more than once in the parameter list."
            raise PipelineError(message, item.position)
    return found


def _declaration(node: Node) -> Declaration:
    if not isinstance(node, Mapping):
        raise misplaced(node, "a mapping")
    for key, _ in node.entries:
        _refuse_expression(key)
        if key.text not in _KEYS:
            message = f"Unexpected value '{key.text}'"
            raise PipelineError(message, key.position)
    name = _text(node, "name")
    if not name:
        message = "A parameter needs a 'name'"
        raise PipelineError(message, node.position)
    kind = _text(node, "type") or "string"
    if kind.lower() not in (*TEXT_TYPES, *OBJECT_TYPES, *LIST_TYPES, "boolean", "number", "stringlist"):
        message = f"Unexpected value '{kind}'"
        raise PipelineError(message, (node.get("type") or node).position)
    values = node.get("values")
    allowed = values.items if isinstance(values, Sequence) else []
    default = node.get("default")
    return Declaration(
        name=name,
        kind=kind.lower(),
        shown_kind=kind[:1].upper() + kind[1:],
        default=None if default is None else _literal(default),
        values=tuple(item.text for item in allowed if isinstance(item, Scalar)),
        position=node.position,
    )


def _text(node: Mapping, key: str) -> str:
    value = node.get(key)
    if value is None:
        return ""
    if not isinstance(value, Scalar):
        raise misplaced(value, "a scalar value")
    _refuse_expression(value)
    return value.text


def _refuse_expression(node: Scalar) -> None:
    if has_expression(node.text):
        raise PipelineError(_NOT_ALLOWED, node.position)


def _literal(node: Node) -> Node:
    """`node`, in which nothing is an expression but a lone text literal such as `${{ 'x' }}`."""
    if isinstance(node, Sequence):
        return Sequence([_literal(item) for item in node.items], node.position)
    if isinstance(node, Mapping):
        pairs: list[tuple[Scalar, Node]] = []
        for key, value in node.entries:
            new_key = _literal(key)
            pairs.append((new_key if isinstance(new_key, Scalar) else key, _literal(value)))
        return Mapping(pairs, node.position)
    if not has_expression(node.text):
        return node
    expression = lone_expression(node.text)
    tree = parse(expression, node.position).tree if expression is not None else None
    if isinstance(tree, Literal) and isinstance(tree.value, str):
        return Scalar(tree.value, node.position, plain=False)
    raise PipelineError(_NOT_ALLOWED, node.position)
