"""Conditions and `$[ ]` values at run time: what each slot may name, and how its outcome reads."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sandbox.pipelines.expressions import Function, Named, Scope, Value, parse, to_text, truthy
from sandbox.pipelines.model import Expression
from sandbox.pipelines.nodes import Position
from sandbox.pipelines.results import Result
from sandbox.pipelines.status_functions import Functions, of_dependencies, of_status
from sandbox.pipelines.variables import Variables

DEFAULT_CONDITION = "succeeded()"
SERVER_CONTEXTS = ("variables", "dependencies", "stagedependencies", "pipeline", "resources")
_STEP_CONTEXTS = ("variables",)

Contexts = Mapping[str, Value]


def check_condition(condition: Expression | None) -> None:
    """Refuse a job's or stage's condition that cannot be read. Those of steps are only read when they are due."""
    if condition is not None:
        parse(condition.text, condition.position, contexts=SERVER_CONTEXTS,
              functions=of_dependencies({}, canceled=False))


def holds(condition: Expression | None, contexts: Contexts, functions: Functions) -> bool:
    """Whether a job or stage runs. Raises PipelineError where the condition cannot be evaluated."""
    text, position = (condition.text, condition.position) if condition else (DEFAULT_CONDITION, None)
    return truthy(parse(text, position).evaluate(Scope(contexts, functions)))


def step_holds(condition: Expression | None, variables: Variables, status: Result | None) -> bool:
    text, position = (condition.text, condition.position) if condition else (DEFAULT_CONDITION, None)
    functions = of_status(status)
    expression = parse(text, position, contexts=_STEP_CONTEXTS, functions=functions)
    return truthy(expression.evaluate(Scope({"variables": variables_context(variables)}, functions)))


def variables_context(variables: Variables) -> Named:
    return Named({entry.name: entry.value for entry in variables})


def runtime_expression(text: str) -> str | None:
    """What stands between `$[` and `]` where that is the whole value; None where it is not."""
    bare = text.strip()
    return bare[2:-1].strip() if bare.startswith("$[") and bare.endswith("]") else None


def runtime_value(text: str, position: Position, contexts: Contexts, functions: Mapping[str, Function]) -> str:
    expression = parse(text, position, contexts=tuple(contexts), functions=functions)
    return to_text(expression.evaluate(Scope(contexts, functions)))


def pipeline_context(start: datetime) -> Named:
    return Named({"startTime": start})


