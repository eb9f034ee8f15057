"""Every key of a pipeline against the tables in `shapes`: the unknown is refused by name, file and line."""
from __future__ import annotations

from dataclasses import dataclass

from sandbox.pipelines.nodes import Mapping, Node, PipelineError, Scalar, Sequence, misplaced
from sandbox.pipelines.templates.desugar import SHORTCUTS
from sandbox.pipelines.templates.shapes import SHAPES
from sandbox.pipelines.templates.views import is_null

_LISTS = {"stages": "stage", "jobs": "job|deployment", "steps": "step", "variables": "variable|group"}
_NAMED = ("stage", "job", "deployment", "step", "variable", "group", "repository", "container_resource", "cron")
_INSTEAD = {
    "step": (*SHORTCUTS, "template"), "job": ("deployment", "template"), "stage": ("template",),
    "variable": ("group", "template"),
}
_CONTEXT = "templateContext"


def check_final(root: Mapping) -> None:
    """Raise `PipelineError` for the first key or kind of value that may not stand where it does."""
    _Checker(with_context=False).check(root, "pipeline")


def check_typed(node: Node, kind: str) -> None:
    """The same for the value of a typed parameter, a list such as `steps` or one of its elements."""
    _Checker(with_context=True).check(node, kind)


@dataclass(frozen=True)
class _Checker:
    """`with_context` where `templateContext`, data for the template alone, may still be there."""

    with_context: bool

    def check(self, node: Node, kind: str) -> None:
        if kind == "any" or is_null(node):
            return
        if kind in _LISTS:
            self._check_list(node, _LISTS[kind])
            return
        kinds = kind.split("|")
        if isinstance(node, Scalar):
            if "text" not in kinds:
                raise misplaced(node, "a sequence" if kind.startswith("[") else "a mapping")
        elif isinstance(node, Sequence):
            inner = next((kind[1:-1] for kind in kinds if kind.startswith("[")), None)
            if inner is None:
                raise misplaced(node, "a scalar value" if "text" in kinds else "a mapping")
            self._check_list(node, inner)
        else:
            self._check_mapping(node, [kind for kind in kinds if kind in SHAPES or kind == "map"])

    def _check_list(self, node: Node, kind: str) -> None:
        if not isinstance(node, Sequence):
            raise misplaced(node, "a sequence")
        for item in node.items:
            if kind != "text" and not isinstance(item, Mapping):
                raise misplaced(item, "a mapping")
            self.check(item, kind)

    def _check_mapping(self, node: Mapping, shapes: list[str]) -> None:
        if not shapes:
            raise misplaced(node, "a scalar value")
        if shapes == ["map"]:
            for _, value in node.entries:
                self.check(value, "text")
            return
        keys = {key.text for key, _ in node.entries}
        self._check_shape(node, next((shape for shape in shapes if next(iter(SHAPES[shape])) in keys), shapes[0]))

    def _check_shape(self, node: Mapping, shape: str) -> None:
        known = SHAPES[shape]
        for key, value in node.entries:
            if self.with_context and key.text == _CONTEXT:
                continue
            if key.text not in known:
                message = f"Unexpected value '{key.text}'"
                raise PipelineError(message, key.position)
            self.check(value, known[key.text])
        first = next(iter(known))
        if shape in _NAMED and not any(key.text == first for key, _ in node.entries):
            wanted = ", ".join((first, *_INSTEAD.get(shape, ())))
            message = f"There's not enough info to determine what you meant. Add one of these properties: {wanted}"
            raise PipelineError(message, node.position)
