from __future__ import annotations

import pytest

from sandbox.pipelines.conditions import step_holds
from sandbox.pipelines.model import Expression
from sandbox.pipelines.nodes import Position
from sandbox.pipelines.results import Result, named
from sandbox.pipelines.status_functions import Functions, of_dependencies, of_status
from sandbox.pipelines.variables import Variables

NAMES = ("succeeded", "failed", "succeededOrFailed", "always", "canceled")


def answers(functions: Functions, *arguments: str) -> dict[str, object]:
    return {name: functions[name.lower()].call(arguments) for name in NAMES}


def true(*names: str) -> dict[str, object]:
    return {name: name in names for name in NAMES}


STEPS = [
    (None, true("always", "succeeded", "succeededOrFailed")),
    ("Succeeded", true("always", "succeeded", "succeededOrFailed")),
    ("SucceededWithIssues", true("always", "succeeded", "succeededOrFailed")),
    ("Failed", true("always", "failed", "succeededOrFailed")),
    ("Canceled", true("always", "canceled")),
]


@pytest.mark.parametrize(("status", "expected"), STEPS)
def test_a_step_asks_the_status_of_its_job(status: str | None, expected: dict[str, object]) -> None:
    assert answers(of_status(named(status) if status else None)) == expected


OK, BAD, SKIPPED, ABANDONED = Result.SUCCEEDED, Result.FAILED, Result.SKIPPED, Result.ABANDONED
DEPENDENCIES = [
    pytest.param({}, true("always", "succeeded", "succeededOrFailed"), id="none"),
    pytest.param({"a": OK}, true("always", "succeeded", "succeededOrFailed"), id="good"),
    pytest.param({"a": Result.SUCCEEDED_WITH_ISSUES}, true("always", "succeeded", "succeededOrFailed"), id="issues"),
    pytest.param({"a": BAD}, true("always", "failed", "succeededOrFailed"), id="failed"),
    pytest.param({"a": SKIPPED}, true("always"), id="skipped"),
    pytest.param({"a": ABANDONED}, true("always"), id="abandoned"),
    pytest.param({"a": Result.CANCELED}, true("always"), id="canceled alone"),
    pytest.param({"a": OK, "b": SKIPPED}, true("always", "succeededOrFailed"), id="good and skipped"),
    pytest.param({"a": BAD, "b": SKIPPED}, true("always", "failed", "succeededOrFailed"), id="failed and skipped"),
    pytest.param({"a": OK, "b": BAD}, true("always", "failed", "succeededOrFailed"), id="good and failed"),
]


@pytest.mark.parametrize(("results", "expected"), DEPENDENCIES)
def test_a_job_asks_its_dependencies(results: dict[str, Result], expected: dict[str, object]) -> None:
    assert answers(of_dependencies(results, canceled=False)) == expected


def test_names_choose_among_the_dependencies_in_any_case() -> None:
    functions = of_dependencies({"ok": OK, "bad": BAD, "skipped": SKIPPED}, canceled=False)
    assert functions["succeeded"].call(["OK"]) is True
    assert functions["succeeded"].call(["ok", "skipped"]) is False
    assert functions["failed"].call(["bad"]) is True


def test_an_unknown_name_is_false() -> None:
    assert of_dependencies({"ok": OK}, canceled=False)["succeeded"].call(["nosuch"]) is False


def test_a_canceled_run_leaves_only_always_and_canceled() -> None:
    assert answers(of_dependencies({"a": OK}, canceled=True)) == true("always", "canceled")


SET = {"SOMEvariable": "SOMEvalue", "SOME.variable": "SOMEvalue"}
CONDITIONS = [
    ("eq(variables.someVARIABLE, 'someVALUE')", True), ("eq(variables['some.VARIABLE'], 'someVALUE')", True),
    ("eq(variables.nosuch, '')", True), ("eq(variables['some.VARIABLE'], 'other value')", False),
    ("eq(variables.nosuch, 'SomeValue')", False), ("eq(variables.some.VARIABLE, 'someVALUE')", False),
]


@pytest.mark.parametrize(("text", "runs"), CONDITIONS)
def test_a_step_condition_finds_variables_in_any_case(text: str, runs: bool) -> None:
    variables = Variables()
    for name, value in SET.items():
        variables.set(name, value)
    assert step_holds(Expression(text, Position("a.yml", 1, 1)), variables, None) is runs
