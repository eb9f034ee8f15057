"""The grammar: no operators, no grouping, and where each kind of literal begins."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.pipelines.expressions import evaluate_text
from sandbox.pipelines.nodes import PipelineError

CONTEXT = {
    "variables": {"a": "1", "My.Var": "dotted"},
    "parameters": {
        "flag": True,
        "tree": {"Key": "v", "items": [{"n": "a"}, {"n": "b"}, {"m": "c"}]},
        "list": ["x", "y"],
        "holes": [{"a": None}, {"b": "x"}, {"a": "x"}, ["y"], "s"],
        "nested": [{"in": ["1", "2"]}, {"in": ["3"]}],
    },
}


def value_of(expression: str) -> Any:
    return evaluate_text(expression, CONTEXT)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("true", True), ("TRUE", True), ("False", False), ("1", 1), ("-1.50", -1.5), (".5", 0.5), ("1.0", 1),
        ("1.10", 1.1), ("1.2.3", "1.2.3"), ("1.2.3.4", "1.2.3.4"), ("''", ""), ("'it''s'", "it's"), ("'}}'", "}}"),
        (" 'spaced' ", "spaced"), ("007", 7), ("5.", 5), ("01.2.3", "1.2.3"), ("1.2.2147483647", "1.2.2147483647"),
        ("79228162514264337593543950335", 79228162514264337593543950335),
    ],
)
def test_literal_has_its_value(expression: str, value: object) -> None:
    assert value_of(expression) == value


@pytest.mark.parametrize(
    "expression",
    [
        "1 == 1", "!true", "(true)", '"x"', "null", "1e3", "0x1F", "+1", "NaN", "1,000", "-", "1-2", "1.2.3.4.5", "$x",
        "'open", "'a' 'b'", "eq(1,1", "eq(1,,1)", "eq(1 1)", "eq(,1)", "eq(1,1))", "a b", "", " ", "parameters.",
        "parameters[", "parameters[]", "parameters.1a", "parameters.a-b", "parameters.'a'", "true.x", "eq", "a &&b",
        "79228162514264337593543950336", "1.2.2147483648", "1..2", "1.2.3.", "-1.2.3", ".", "parameters..tree",
    ],
)
def test_what_is_not_in_the_grammar_is_refused(expression: str) -> None:
    with pytest.raises(PipelineError):
        value_of(expression)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("variables.A", "1"), ("VARIABLES['a']", "1"), ("variables.My.Var", None), ("variables['My.Var']", "dotted"),
        ("variables['my.var']", "dotted"), ("variables.x", None), ("variables.x.y['z'][0]", None),
        ("Parameters.TREE.Key", "v"), ("parameters.tree.key", None), ("parameters.tree['Key']", "v"),
        ("parameters.list[1]", "y"), ("parameters.list[1.9]", "y"), ("parameters.list[-1]", None),
        ("parameters.list[2]", None), ("parameters.list['x']", None), ("parameters.flag.x", None),
        ("'text'", "text"), ("length(parameters.list)", 2),
    ],
)
def test_lookup(expression: str, value: object) -> None:
    assert value_of(expression) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("parameters.tree.items.*.n", ["a", "b"]), ("parameters.tree.items[*].n", ["a", "b"]),
        ("parameters.tree.*", ["v", [{"n": "a"}, {"n": "b"}, {"m": "c"}]]), ("variables.a.*", []),
        ("parameters.holes.*.a", [None, "x"]), ("length(parameters.holes.*.a)", 2), ("parameters.holes.*[0]", ["y"]),
        ("parameters.nested.*.in", [["1", "2"], ["3"]]), ("parameters.nested.*.in.*", ["1", "2", "3"]),
        ("join('+', parameters.tree.items.*['n'])", "a+b"),
    ],
)
def test_star_filters_and_leaves_out_misses(expression: str, value: object) -> None:
    assert value_of(expression) == value


def test_undeclared_parameter_is_an_error() -> None:
    with pytest.raises(PipelineError, match="Key not found 'other'"):
        value_of("parameters.other")


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("foo()", "Unrecognized value: 'foo'. Located at position 1 within expression: foo(). For more help, refer to"),
        ("eq(1, bar)", "Unrecognized value: 'bar'. Located at position 7 within expression: eq(1, bar)."),
        ("succeeded()", "Unrecognized value: 'succeeded'"),
        ("1 == 1", "Unrecognized value: '=='. Located at position 3"),
        ("!true", "Unrecognized value: '!true'"), ("null", "Unrecognized value: 'null'"),
        ("'open", "Unrecognized value: ''open'"), ("1e3", "Unrecognized value: '1e3'"),
        ("eq(\u2018a, 1)", "Unrecognized value: '\u2018a'. Located at position 4"),
        ("(true)", "Unexpected symbol: '('. Located at position 1"), ("'a' 'b'", "Unexpected symbol: ''b''"),
        ("coalesce(1, [])", "Unexpected symbol: '['. Located at position 13 within expression: coalesce(1, [])."),
        ("parameters.a-b", "Unexpected symbol: 'a-b'. Located at position 12"),
        ("parameters.1a", "Unexpected symbol: '1a'"), ("'a'[0]", "Unexpected symbol: '['"),
        ("and(eq(1,1", "Unclosed function: 'eq'. Located at position 5"), ("eq(1,", "Unclosed function: 'eq'"),
        ("parameters.tree['a'", "Unclosed indexer: '['. Located at position 16"),
        ("eq", "Expected '(' to follow a function: 'eq'. Located at position 1"),
        ("parameters.", "Expected a property name to follow the dereference operator '.': '.'. Located at position 11"),
        ("eq(1)", "Unexpected symbol: ')'. Located at position 5"), ("eq(1)", "too few parameters supplied: 'eq'"),
        ("eq(1,2,3)", "Unexpected symbol: ','. Located at position 7"),
        ("not(1,2)", "too many parameters supplied: 'not'"),
        ("not(" * 50 + "1" + ")" * 50, "Exceeded max expression depth 50. For more help, refer to"),
    ],
)
def test_message_says_what_and_where(expression: str, message: str) -> None:
    with pytest.raises(PipelineError) as caught:
        value_of(expression)
    assert message in str(caught.value)


@pytest.mark.parametrize(("nesting", "accepted"), [(49, True), (50, False), (60, False), (5000, False)])
def test_depth_is_limited_to_fifty(nesting: int, accepted: bool) -> None:
    expression = "not(" * nesting + "true" + ")" * nesting
    if accepted:
        assert value_of(expression) is False
    else:
        with pytest.raises(PipelineError, match=r"max expression (depth 50|length 21000)"):
            value_of(expression)


def test_long_chain_of_lookups_is_no_depth() -> None:
    assert value_of("variables" + ".x" * 2000) is None


def test_expression_of_more_than_21000_characters_is_refused() -> None:
    with pytest.raises(PipelineError, match="Exceeded max expression length 21000"):
        value_of("'" + "x" * 21_000 + "'")
