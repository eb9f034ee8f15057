"""Expressions that stay in the final pipeline for the run: what each may name, where the service checks it early."""
from __future__ import annotations

from sandbox.pipelines.expressions import Function, Value, parse
from sandbox.pipelines.nodes import Mapping, Node, Scalar, Sequence

_VARIABLE_CONTEXTS = frozenset(("variables", "resources", "pipeline"))
_CONDITION_CONTEXTS = frozenset(("variables", "dependencies", "stagedependencies", "pipeline"))


def _at_run_time(_: object) -> Value:
    message = "only the run can call this"
    raise AssertionError(message)


_STATUS = ("always", "canceled", "failed", "succeeded", "succeededorfailed")
_STATUS_FUNCTIONS = {name: Function(0, None, _at_run_time) for name in _STATUS}
_VARIABLE_FUNCTIONS = {"counter": Function(1, 2, _at_run_time)}


def check_slots(root: Mapping) -> None:
    """Check conditions of stages and jobs, and `$[ ]` values of root variables. Those of steps fail on the agent."""
    for variable in _listed(root, "variables"):
        _check_variable(variable.get("value"))
    for stage in _listed(root, "stages"):
        _check_condition(stage.get("condition"))
        for job in _listed(stage, "jobs"):
            _check_condition(job.get("condition"))


def runtime_expression(text: str) -> str | None:
    """What stands in `$[ ]`, where that is the whole value."""
    stripped = text.strip()
    return stripped[2:-1].strip() if stripped.startswith("$[") and stripped.endswith("]") else None


def _check_condition(node: Node | None) -> None:
    if isinstance(node, Scalar) and node.text.strip():
        parse(node.text.strip(), node.position, contexts=_CONDITION_CONTEXTS, functions=_STATUS_FUNCTIONS)


def _check_variable(node: Node | None) -> None:
    if isinstance(node, Scalar) and (text := runtime_expression(node.text)):
        parse(text, node.position, contexts=_VARIABLE_CONTEXTS, functions=_VARIABLE_FUNCTIONS)


def _listed(node: Mapping, key: str) -> list[Mapping]:
    value = node.get(key)
    return [item for item in value.items if isinstance(item, Mapping)] if isinstance(value, Sequence) else []
