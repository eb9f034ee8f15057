"""Scopes: contexts and functions handed in by the caller."""
from __future__ import annotations

from decimal import Decimal

import pytest

from sandbox.pipelines.expressions import Function, Named, Scope, evaluate_text, parse
from sandbox.pipelines.nodes import PipelineError, Position


def test_functions_of_the_caller_fold_case() -> None:
    extra = {"succeeded": Function(0, None, lambda values: len(values) == 1)}
    assert parse("and(Succeeded('a'), true)").evaluate(Scope({}, extra)) is True


def test_arity_of_a_function_of_the_caller_is_held() -> None:
    counter = {"counter": Function(1, 2, lambda _: Decimal(1))}
    with pytest.raises(PipelineError, match="too few parameters supplied: 'counter'"):
        parse("counter()", contexts=(), functions=counter)


def test_error_carries_the_position_of_the_text() -> None:
    position = Position("/a.yml", 7, 3)
    with pytest.raises(PipelineError, match=r"/a.yml \(Line: 7, Col: 3\): Unrecognized value: 'x'") as caught:
        parse("x.y", position, contexts=("variables",))
    assert caught.value.position == position


def test_unknown_context_in_a_lazy_branch_is_found_when_reading() -> None:
    with pytest.raises(PipelineError, match="Unrecognized value: 'y'"):
        parse("or(true, y.z)", contexts=("variables",))


def test_unchecked_context_fails_when_evaluated() -> None:
    expression = parse("or(false, y.z)")
    with pytest.raises(PipelineError, match="Unrecognized value: 'y'"):
        expression.evaluate(Scope({}))


def test_named_context_keeps_the_names_as_written() -> None:
    assert list(Named({"Build.Reason": "Manual", "x": "1"})) == ["Build.Reason", "x"]


def test_variables_and_parameters_are_there_without_a_context() -> None:
    assert evaluate_text("coalesce(variables.x, 'none')", {}) == "none"
    with pytest.raises(PipelineError, match="Key not found 'x'"):
        evaluate_text("parameters.x", {})


def test_json_types_of_a_context_arrive() -> None:
    context = {"Pipeline": {"n": 1.5, "on": True, "none": None, "list": [1, "a"]}}
    assert evaluate_text("pipeline", context) == context["Pipeline"]
