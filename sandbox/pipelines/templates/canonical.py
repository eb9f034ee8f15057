"""The one form every final pipeline has: stages of jobs of tasks, variables as lists, dependencies as lists."""
from __future__ import annotations

from collections.abc import Callable

from sandbox.pipelines.nodes import Mapping, Node, PipelineError, Position, Scalar, Sequence
from sandbox.pipelines.templates.shapes import JOB_KEYS_OF_STEPS_ROOT
from sandbox.pipelines.templates.structure import listed_variable
from sandbox.pipelines.templates.views import is_null

_BODIES = ("stages", "jobs", "steps")
_DEFAULT_STAGE, _DEFAULT_JOB = "__default", "Job"
Change = Callable[[Node], Node]


def canonical(root: Mapping) -> Mapping:
    """`root` with an implicit stage and job written out. Raises where it has no body, or two."""
    bodies = [(key, value) for key, value in root.entries if key.text in _BODIES]
    if not bodies:
        message = "There's not enough info to determine what you meant. Add one of these properties: "
        message += "extends, jobs, stages, steps"
        raise PipelineError(message, root.position)
    for key, _ in bodies[1:]:
        message = f"Unexpected value '{key.text}'"
        raise PipelineError(message, key.position)
    body, value = bodies[0]
    at = body.position
    rest = [entry for entry in root.entries if entry[0] is not body]
    if body.text == "steps":
        own = [entry for entry in rest if entry[0].text in JOB_KEYS_OF_STEPS_ROOT]
        rest = [entry for entry in rest if entry[0].text not in JOB_KEYS_OF_STEPS_ROOT]
        value = _only("job", _DEFAULT_JOB, [*own, (Scalar("steps", at), value)], at)
    if body.text != "stages":
        value = _only("stage", _DEFAULT_STAGE, [(Scalar("jobs", at), value)], at)
    pipeline = Mapping([*rest, (Scalar("stages", at), value)], root.position)
    changes = {"trigger": _trigger, "pr": _trigger, "variables": _variables, "stages": _each(_stage)}
    return _changed_mapping(pipeline, changes)


def _only(kind: str, name: str, entries: list[tuple[Scalar, Node]], at: Position) -> Sequence:
    return Sequence([Mapping([(Scalar(kind, at), Scalar(name, at)), *entries], at)], at)


def _changed(node: Node, changes: dict[str, Change]) -> Node:
    return _changed_mapping(node, changes) if isinstance(node, Mapping) else node


def _changed_mapping(node: Mapping, changes: dict[str, Change]) -> Mapping:
    pairs = [(key, changes[key.text](value) if key.text in changes else value) for key, value in node.entries]
    return Mapping(pairs, node.position)


def _each(change: Change) -> Change:
    def changed(node: Node) -> Node:
        return Sequence([change(item) for item in node.items], node.position) if isinstance(node, Sequence) else node

    return changed


def _stage(node: Node) -> Node:
    return _changed(node, {"dependsOn": _as_list, "variables": _variables, "jobs": _each(_job)})


def _job(node: Node) -> Node:
    return _changed(node, {"dependsOn": _as_list, "variables": _variables, "environment": _environment})


def _trigger(node: Node) -> Node:
    if isinstance(node, Scalar) and node.text == "none":
        at = node.position
        return Mapping([(Scalar("enabled", at), Scalar("false", at))], at)
    return node


def _variables(node: Node) -> Node:
    if not isinstance(node, Mapping):
        return node
    return Sequence([listed_variable(*entry) for entry in node.entries], node.position)


def _as_list(node: Node) -> Node:
    if not isinstance(node, Scalar):
        return node
    return Sequence([] if is_null(node) or not node.text else [node], node.position)


def _environment(node: Node) -> Node:
    return Mapping([(Scalar("name", node.position), node)], node.position) if isinstance(node, Scalar) else node
