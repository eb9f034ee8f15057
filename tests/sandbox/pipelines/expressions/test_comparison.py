"""Equality, order and the conversions under them."""
from __future__ import annotations

import pytest

from sandbox.pipelines.expressions import evaluate_text, parse, to_text, truthy
from sandbox.pipelines.expressions.evaluation import Scope
from sandbox.pipelines.nodes import PipelineError

CONTEXT = {"variables": {}, "parameters": {"list": ["1"], "same": ["1"], "tree": {}}}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("eq('a', 'A')", True), ("eq('straße', 'STRASSE')", False), ("eq('é', 'É')", True), ("ne('a', 'b')", True),
        ("eq(1, '1')", True), ("eq(1, '1.0')", True), ("eq('1.0', 1)", False), ("eq(1000, '1,000')", True),
        ("eq(0.5, '.5')", True), ("eq(1, ' 1 ')", True), ("eq(1, 'a')", False),
        ("eq(1, '+1')", True), ("eq(0, ' ')", False), ("eq(1, '1.')", True),
        ("eq(1, '79228162514264337593543950336')", False), ("eq(1.2.3, ' 1.2.3')", True), ("ne(1, 'a')", True),
        ("eq(0, '')", True), ("eq(0, false)", True), ("eq(1, true)", True), ("eq(false, 0)", True),
        ("eq(true, 'False')", True), ("eq(true, '0')", True), ("eq(false, '')", True), ("eq('True', true)", True),
        ("eq('true', true)", True), ("eq('1', true)", False), ("eq(true, parameters.tree)", True),
        ("eq(true, 1.2.3)", True), ("eq('', variables.none)", True), ("eq(variables.none, '')", True),
        ("eq(variables.none, variables.other)", True), ("eq(variables.none, 0)", False),
        ("eq(0, variables.none)", True), ("eq(1.2.3, '1.2.3')", True), ("eq('1.2.3', 1.2.3)", True),
        ("eq(1.2.3, 1.2)", False), ("eq(parameters.list, parameters.list)", True),
        ("eq(parameters.list, parameters.same)", False), ("eq('1', parameters.list)", False),
        ("eq(parameters.tree, '')", False), ("gt(1.10, 1.9)", False), ("gt(1.2.10, 1.2.9)", True),
        ("lt(1.2.3, 1.3)", True), ("lt(1.2.3, '1.2.3.1')", True), ("lt('a', 'B')", True), ("ge('b', 'A')", True),
        ("lt('10', 9)", True), ("gt(10, '9')", True), ("le(true, false)", False), ("lt(variables.none, 1)", True),
    ],
)
def test_right_becomes_the_kind_of_left(expression: str, value: bool) -> None:
    assert evaluate_text(expression, CONTEXT) is value


@pytest.mark.parametrize("name", ["lt", "le", "gt", "ge"])
@pytest.mark.parametrize(
    "arguments", ["1, 'a'", "1.2.3, 'a'", "1.2.3, true", "'a', parameters.list", "parameters.list, 1"]
)
def test_order_raises_where_nothing_can_be_converted(name: str, arguments: str) -> None:
    with pytest.raises(PipelineError, match="Unable to convert"):
        evaluate_text(f"{name}({arguments})", CONTEXT)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("true", "True"), ("false", "False"), ("1.0", "1"), ("0.5", "0.5"), ("1000000", "1000000"), ("-0", "0"),
        ("100", "100"), ("0.10", "0.1"), ("0.12345678", "0.1234568"), ("0.00000005", "0.0000001"), ("-0.00000001", "0"),
        ("79228162514264337593543950335", "79228162514264337593543950335"),
        ("1.2.3", "1.2.3"), ("'x'", "x"), ("variables.none", ""),
    ],
)
def test_text_of_a_value(expression: str, text: str) -> None:
    assert to_text(parse(expression).evaluate(Scope({"variables": {}}))) == text


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("''", False), ("'False'", True), ("'0'", True), ("0", False), ("-1", True), ("false", False),
        ("variables.none", False), ("parameters.tree", True), ("1.2.3", True), ("split('', ',')", True),
    ],
)
def test_truth_of_a_value(expression: str, value: bool) -> None:
    found = parse(expression).evaluate(Scope({"variables": {}, "parameters": {"tree": {}}}))
    assert truthy(found) is value
