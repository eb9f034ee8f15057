"""Every key of the final pipeline against the tables in `shapes`: the unknown is refused by name, file and line."""
from __future__ import annotations

from sandbox.pipelines.nodes import Mapping, Node, PipelineError, Scalar, Sequence
from sandbox.pipelines.templates.shapes import SHAPES
from sandbox.pipelines.templates.views import is_null

_LISTS = {"stages": "stage", "jobs": "job|deployment", "steps": "step", "variables": "variable|group"}


def check_final(root: Mapping) -> None:
    """Raise `PipelineError` for the first key or kind of value that may not stand where it does."""
    _check_shape(root, "pipeline")


def _check(node: Node, kind: str) -> None:
    if kind == "any" or is_null(node):
        return
    if kind in _LISTS:
        _check_list(node, _LISTS[kind])
        return
    kinds = kind.split("|")
    if isinstance(node, Scalar):
        if "text" not in kinds:
            message = f"Unexpected value '{node.text}'"
            raise PipelineError(message, node.position)
    elif isinstance(node, Sequence):
        inner = next((kind[1:-1] for kind in kinds if kind.startswith("[")), None)
        if inner is None:
            message = "A sequence was not expected"
            raise PipelineError(message, node.position)
        _check_list(node, inner)
    else:
        _check_mapping(node, [kind for kind in kinds if kind in SHAPES or kind == "map"])


def _check_list(node: Node, kind: str) -> None:
    if not isinstance(node, Sequence):
        message = "Expected a sequence"
        raise PipelineError(message, node.position)
    for item in node.items:
        if kind != "text" and not isinstance(item, Mapping):
            shown = item.text if isinstance(item, Scalar) else ""
            message = f"Unexpected value '{shown}'" if isinstance(item, Scalar) else "A sequence was not expected"
            raise PipelineError(message, item.position)
        _check(item, kind)


def _check_mapping(node: Mapping, shapes: list[str]) -> None:
    if not shapes:
        message = "A mapping was not expected"
        raise PipelineError(message, node.position)
    if shapes == ["map"]:
        for _, value in node.entries:
            _check(value, "text")
        return
    keys = {key.text for key, _ in node.entries}
    _check_shape(node, next((shape for shape in shapes if next(iter(SHAPES[shape])) in keys), shapes[0]))


def _check_shape(node: Mapping, shape: str) -> None:
    known = SHAPES[shape]
    for key, value in node.entries:
        if key.text not in known:
            message = f"Unexpected value '{key.text}'"
            raise PipelineError(message, key.position)
        _check(value, known[key.text])
    first = next(iter(known))
    if shape in _NAMED and not any(key.text == first for key, _ in node.entries):
        message = f"A {shape} needs '{first}'"
        raise PipelineError(message, node.position)


_NAMED = ("stage", "job", "deployment", "step", "variable", "group", "repository", "container_resource", "cron")
