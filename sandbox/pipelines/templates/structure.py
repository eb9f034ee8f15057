"""The parts of a pipeline that have an order and scopes of their own: stages, jobs, steps, variables and templates."""
from __future__ import annotations

from collections.abc import Iterator

from sandbox.pipelines.nodes import Mapping, Node, PipelineError, Scalar, Sequence, misplaced
from sandbox.pipelines.templates.branches import Item
from sandbox.pipelines.templates.desugar import desugar_step
from sandbox.pipelines.templates.expansion import Entry, entries, expand_node, expand_scalar, items, mapping_of
from sandbox.pipelines.templates.files import TemplateFiles
from sandbox.pipelines.templates.limits import TEMPLATE_EVENTS
from sandbox.pipelines.templates.parameters import bind, given_from
from sandbox.pipelines.templates.scope import PARAMETERS, TemplateScope
from sandbox.pipelines.templates.views import is_null

_ELEMENTS = {"stages": "stage", "jobs": "job", "steps": "step", "variables": "variable"}
_HOOK_KEYS = ("preDeploy", "deploy", "routeTraffic", "postRouteTraffic")
# Which keys of a part hold a part that is walked here; every other value is expanded as plain data.
_PARTS: dict[str, dict[str, str]] = {
    "pipeline": {name: name for name in _ELEMENTS},
    "stage": {"variables": "variables", "jobs": "jobs"},
    "job": {"variables": "variables", "steps": "steps", "strategy": "strategy"},
    "strategy": dict.fromkeys(("runOnce", "rolling", "canary"), "hooks"),
    "hooks": {**dict.fromkeys(_HOOK_KEYS, "hook"), "on": "on"},
    "on": dict.fromkeys(("failure", "success"), "hook"),
    "hook": {"steps": "steps"},
}
_TEMPLATE = "template"


class Structure:
    """Walks one pipeline and everything it includes, in the order it is written."""

    def __init__(self, files: TemplateFiles) -> None:
        self._files = files

    def part(self, kind: str, node: Node, scope: TemplateScope) -> Node:
        """`node`, which is a list such as `steps`, one of its elements, or a shape inside one."""
        if kind in _ELEMENTS:
            with scope.budget.deeper(node.position):
                return self._list(kind, node, scope)
        node, scope = _resolved(node, scope)
        if not isinstance(node, Mapping):
            return node
        if kind in ("stage", "job"):
            scope = scope.with_level()
        with scope.budget.deeper(node.position):
            mapping = mapping_of(self._pairs(kind, node, scope), node)
        return desugar_step(mapping) if kind == "step" else mapping

    def value(self, kind: str, entry: Entry) -> Node:
        """The value of one key of the part `kind`."""
        inner = _PARTS.get(kind, {}).get(entry.key.text)
        return self.part(inner, entry.node, entry.scope) if inner else expand_node(entry.node, entry.scope)

    def included(self, reference: Mapping, scope: TemplateScope) -> tuple[Mapping, TemplateScope]:
        """The file a `template:` mapping names, and the scope inside of it with its parameters bound."""
        given: list[Entry] = []
        path: Scalar | None = None
        for key, node, inner in entries(reference, scope):
            if key.text == PARAMETERS:
                given = _passed(node, inner)
            elif key.text == _TEMPLATE and isinstance(text := expand_scalar(_scalar(node), inner), Scalar):
                path = text
            else:
                message = f"Unexpected value '{key.text}'"
                raise PipelineError(message, key.position)
        if path is None or not path.text:
            message = "A template reference needs the path of a file"
            raise PipelineError(message, reference.position)
        scope.budget.add_event(reference.position, TEMPLATE_EVENTS)
        document, place = self._files.load(path.text, scope.place, path.position)
        own = TemplateScope(place, scope.parameters, scope.variables, scope.budget, literal=True)
        bound = bind(document.get(PARAMETERS), given_from(given, path.position, self.part), own)
        return document, TemplateScope(place, bound, scope.variables, scope.budget)

    def _pairs(self, kind: str, node: Mapping, scope: TemplateScope) -> Iterator[tuple[Scalar, Node]]:
        for entry in entries(node, scope):
            value = self.value(kind, entry)
            if kind == "stage" and entry.key.text == "stage" and isinstance(value, Scalar):
                scope.variables.set("System.StageName", value.text)
            yield entry.key, value

    def _list(self, kind: str, node: Node, scope: TemplateScope) -> Node:
        origin = node.position
        node, scope = _resolved(node, scope)
        if is_null(node):
            return Sequence([], origin)
        if kind == "variables" and isinstance(node, Mapping):
            return mapping_of(_set_each(node, scope), node)
        if not isinstance(node, Sequence):
            raise misplaced(node, "a sequence")
        return Sequence([found for item in items(node, scope) for found in self._elements(kind, item)], origin)

    def _elements(self, kind: str, item: Item) -> list[Node]:
        """One element, or all those of a template."""
        node, scope = item
        if not isinstance(node, Mapping):
            raise misplaced(node, "a mapping")
        if _is_template(item):
            with scope.budget.deeper(node.position):
                return self._template_elements(kind, node, scope)
        element = self.part(_ELEMENTS[kind], node, scope)
        if kind == "variables" and isinstance(element, Mapping):
            _set_listed(element, scope)
        return [element]

    def _template_elements(self, kind: str, reference: Mapping, scope: TemplateScope) -> list[Node]:
        document, inner = self.included(reference, scope)
        found: list[Node] = []
        for entry in entries(without_parameters(document), inner):
            if entry.key.text != kind:
                message = f"Unexpected value '{entry.key.text}'"
                raise PipelineError(message, entry.key.position)
            found += _as_items(self._list(kind, entry.node, entry.scope))
        return found


def without_parameters(document: Mapping) -> Mapping:
    return Mapping([entry for entry in document.entries if entry[0].text != PARAMETERS], document.position)


def _as_items(node: Node) -> list[Node]:
    if isinstance(node, Sequence):
        return node.items
    return [listed_variable(*entry) for entry in node.entries] if isinstance(node, Mapping) else []


def listed_variable(key: Scalar, value: Node) -> Node:
    """`name: value` as an entry of a list of variables."""
    at = key.position
    return Mapping([(Scalar("name", at), key), (Scalar("value", at), value)], at)


def _resolved(node: Node, scope: TemplateScope) -> tuple[Node, TemplateScope]:
    """A lone expression replaced by what it yields, which is then literal."""
    if not isinstance(node, Scalar) or scope.literal:
        return node, scope
    return expand_scalar(node, scope), scope.as_literal()


def _is_template(item: Item) -> bool:
    node, scope = item
    if not isinstance(node, Mapping):
        return False
    if any(key.text == _TEMPLATE for key, _ in node.entries):
        return True
    first = next(entries(node, scope), None)
    return first is not None and first.key.text == _TEMPLATE


def _passed(node: Node, scope: TemplateScope) -> list[Entry]:
    node, scope = _resolved(node, scope)
    if is_null(node):
        return []
    if not isinstance(node, Mapping):
        raise misplaced(node, "a mapping")
    passed = list(entries(node, scope))
    mapping_of(((entry.key, entry.node) for entry in passed), node)  # a name given twice is an error
    return passed


def _set_each(node: Mapping, scope: TemplateScope) -> Iterator[tuple[Scalar, Node]]:
    for key, value, inner in entries(node, scope):
        text = _scalar(expand_node(value, inner))
        scope.variables.set(key.text, "" if is_null(text) else text.text)
        yield key, text


def _set_listed(element: Mapping, scope: TemplateScope) -> None:
    name, value = element.get("name"), element.get("value")
    if isinstance(name, Scalar):
        text = _scalar(value) if value is not None else Scalar("", name.position)
        scope.variables.set(name.text, "" if is_null(text) else text.text)


def _scalar(node: Node) -> Scalar:
    if not isinstance(node, Scalar):
        raise misplaced(node, "a scalar value")
    return node
