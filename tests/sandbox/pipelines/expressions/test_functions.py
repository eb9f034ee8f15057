"""Every built-in function: its result, its arity and its conversions."""
from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from sandbox.pipelines.expressions import Scope, evaluate_text, parse
from sandbox.pipelines.expressions.functions import FUNCTIONS
from sandbox.pipelines.nodes import PipelineError

CONTEXT = {"parameters": {"list": ["x", "Y", "1"], "tree": {"a": "One", "b": {"c": "d"}}, "empty": []}}


def value_of(expression: str) -> Any:
    return evaluate_text(expression, CONTEXT)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("and(true, 1, 'False')", True), ("and(true, '')", False), ("or(false, 0)", False), ("or('', 'x')", True),
        ("not(0)", True), ("xor(true, false)", True), ("xor('a', 1)", False), ("in('a', 'b', 'A')", True),
        ("in(1, '1')", True), ("in('1', 1)", True), ("notIn('a', 'b')", True), ("notIn('a', 'b', 'A')", False),
        ("contains('Hello', 'LL')", True), ("contains(123, 2)", True), ("contains('a', '')", True),
        ("containsValue(parameters.list, 'y')", True), ("containsValue(parameters.list, 1)", True),
        ("containsValue(parameters.tree, 'one')", True), ("containsValue(parameters.tree, 'a')", False),
        ("containsValue('abc', 'a')", False), ("startsWith('Abc', 'aB')", True), ("endsWith('Abc', 'BC')", True),
        ("endsWith('Abc', 'AB')", False), ("coalesce('', parameters.tree.zz, false)", False),
        ("coalesce('', parameters.tree.zz)", None), ("coalesce(0, 1)", 0), ("iif(true, 'a', 'b')", "a"),
        ("iif('', 'a', 'b')", "b"), ("length('abc')", 3), ("length(parameters.list)", 3),
        ("length(parameters.tree)", 2), ("length(1234)", 4), ("lower('AbC')", "abc"), ("upper('abc')", "ABC"),
        ("upper(true)", "TRUE"), ("upper('straße')", "STRAßE"), ("lower('ÄİB')", "äİb"),
        ("trim('  a b ')", "a b"), ("replace('aAa', 'a', 'b')", "bAb"),
        ("replace('a.b', '.', '')", "ab"), ("split('a, b, c', ', ')", ["a", "b", "c"]), ("split('a', ';')", ["a"]),
        ("split('a,b;c', ',;')", ["a,b;c"]), ("substring('hello', 1, 3)", "ell"), ("substring('hello', 2)", "llo"),
        ("join(';', parameters.list)", "x;Y;1"), ("join(';', parameters.tree)", ""), ("join(';', 'a')", "a"),
        ("join(',', split('a b', ' '))", "a,b"), ("join(',', parameters.tree.*)", "One,"),
    ],
)
def test_result(expression: str, value: object) -> None:
    assert value_of(expression) == value


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("format('{0}-{1}', 1, 'b')", "1-b"), ("format('{1}{0}{1}', 'a', 'b')", "bab"), ("format('{{0}}')", "{0}"),
        ("format('{{{0}}}', 'a')", "{a}"), ("format('plain')", "plain"), ("format('{0}', true)", "True"),
        ("format('{0}', 1.50)", "1.5"), ("format('it''s {0}', 1)", "it's 1"),
    ],
)
def test_format(expression: str, text: str) -> None:
    assert value_of(expression) == text


@pytest.mark.parametrize(
    ("template", "text"),
    [("{0:yyyyMMdd}", "20260907"), (r"{0:HH\:mm\:ss}", "05:06:07"), (r"{0:d\.M\.yy}", "7.9.26"), ("{0:zzz}", "+00:00"),
     ("{0:s f fffffff}", "7 1 1234560"), ("{0:H m}", "5 6"), ("{0:dd MM K}", "07 09 +00:00"), (r"{0:\}}yy}", "}26"),
     ("{0:yyyy}-{0:MM}", "2026-09"), ("{0}", "2026-09-07 05:06:07+00:00"), ("{0:}", "2026-09-07 05:06:07+00:00")],
)
def test_format_writes_points_in_time_as_dotnet_does(template: str, text: str) -> None:
    moment = datetime(2026, 9, 7, 5, 6, 7, 123456, tzinfo=timezone.utc)
    found = parse(f"format('{template}', pipeline.startTime)").evaluate(Scope({"pipeline": {"startTime": moment}}))
    assert found == text


@pytest.mark.parametrize("specifiers", ["yyyy-MM", "HH:mm", "h tt", "yyy", "x", "ffffffff", "yyyy\\"])
def test_format_takes_no_other_specifier_of_a_point_in_time(specifiers: str) -> None:
    scope = Scope({"pipeline": {"startTime": datetime(2026, 9, 7, tzinfo=timezone.utc)}})
    with pytest.raises(PipelineError, match="are not valid for objects of type 'DateTime'"):
        parse(f"format('{{0:{specifiers}}}', pipeline.startTime)").evaluate(scope)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("format('{0:D4}', 1)", "The format specifiers 'D4' are not valid for objects of type 'Number'"),
        ("format('{1}', 1)", "The following format string references more arguments than were supplied: {1}"),
        ("format('{256}', 1)", "The following format string is invalid: {256}"),
        ("format('{a}', 1)", "The following format string is invalid: {a}"),
        ("format('{0}', parameters.list)", "Unable to convert from Array to String. Value: Array"),
        ("contains('a', parameters.tree)", "Unable to convert from Object to String. Value: Object"),
        ("lt(1, 'it''s')", "Unable to convert from String to Number. Value: 'it''s'"),
        ("lt(1, 1.2.3)", "Unable to convert from Version to Number. Value: v1.2.3"),
        ("lt(1.2.3, true)", "Unable to convert from Boolean to Version. Value: True"),
    ],
)
def test_message_of_an_impossible_argument(expression: str, message: str) -> None:
    with pytest.raises(PipelineError) as caught:
        value_of(expression)
    assert str(caught.value).endswith(message)


@pytest.mark.parametrize(
    "expression",
    [
        "format('{1}', 'a')", "format('{', 'a')", "format('}', 'a')", "format('{0:x}', 'a')", "format('{0}')",
        "format('{0}', parameters.list)", "contains(parameters.list, 'x')", "lower(parameters.tree)",
        "replace('a', '', 'b')", "substring('abc', 2, 5)", "lt('a', parameters.list)", "split(parameters.list, ',')",
    ],
)
def test_impossible_arguments_raise(expression: str) -> None:
    with pytest.raises(PipelineError):
        value_of(expression)


def test_json_is_indented_by_two_spaces() -> None:
    expected = '{\n  "a": "One",\n  "b": {\n    "c": "d"\n  }\n}'
    assert value_of("convertToJson(parameters.tree)") == expected
    assert value_of("convertToJson(parameters.empty)") == "[]"
    assert value_of("convertToJson(1.5)") == "1.5"
    assert value_of("convertToJson('ä\"')") == '"ä\\""'


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("0.0000001", "0.0000001"), ("1.50", "1.5"), ("100000000000000000000000", "100000000000000000000000"),
        ("true", "true"), ("parameters.nothing", "null"), ("1.2.3", '"1.2.3"'), ("'\u2028'", '"\\u2028"'),
        ("parameters.deep", '{\n  "a": [\n    {},\n    [],\n    null,\n    {\n      "b": "c"\n    }\n  ]\n}'),
    ],
)
def test_json_of_every_kind_of_value(expression: str, text: str) -> None:
    context: dict[str, Any] = {"parameters": {"nothing": None, "deep": {"a": [{}, [], None, {"b": "c"}]}}}
    assert evaluate_text(f"convertToJson({expression})", context) == text


@pytest.mark.parametrize("expression", ["and(false, lt('a', parameters.list))", "or(true, lt('a', parameters.list))"])
def test_and_or_stop_early(expression: str) -> None:
    assert value_of(expression) is expression.startswith("or")


def test_iif_evaluates_both_branches() -> None:
    with pytest.raises(PipelineError, match="Unable to convert"):
        value_of("iif(true, 'a', lower(parameters.list))")


ARITIES = {
    "and": (2, None), "or": (2, None), "not": (1, 1), "xor": (2, 2), "eq": (2, 2), "ne": (2, 2), "lt": (2, 2),
    "le": (2, 2), "gt": (2, 2), "ge": (2, 2), "in": (2, None), "notin": (2, None), "contains": (2, 2),
    "containsvalue": (2, 2), "startswith": (2, 2), "endswith": (2, 2), "format": (1, None), "join": (2, 2),
    "split": (2, 2), "replace": (3, 3), "lower": (1, 1), "upper": (1, 1), "trim": (1, 1), "length": (1, 1),
    "coalesce": (2, None), "converttojson": (1, 1), "iif": (3, 3), "substring": (2, 3),
}


def test_the_functions_are_these_with_these_arities() -> None:
    assert {name: (function.least, function.most) for name, function in FUNCTIONS.items()} == ARITIES


@pytest.mark.parametrize("name", sorted(ARITIES))
def test_arity_is_held(name: str) -> None:
    least, most = ARITIES[name]
    counts = [least - 1] + ([] if most is None else [most + 1])
    for count in counts:
        with pytest.raises(PipelineError, match=r"Unexpected symbol: .*too (few|many) parameters"):
            value_of(f"{name}({', '.join(['1'] * count)})")


@pytest.mark.parametrize("name", ["always", "succeeded", "failed", "canceled", "succeededOrFailed", "counter"])
def test_functions_of_the_run_do_not_exist_here(name: str) -> None:
    with pytest.raises(PipelineError, match="Unrecognized value"):
        value_of(f"{name}()")


@pytest.mark.parametrize(
    "outer", ["replace({0}, 'a', {0})", "format('{{0}}{{0}}', {0})", "join({0}, split('a a a', ' '))"]
)
def test_text_that_grows_without_bound_is_refused(outer: str) -> None:
    big = "'" + "a" * 4_000 + "'"
    grown = f"replace({big}, 'a', '{'a' * 2_000}')"  # eight million characters, just below the bound
    assert evaluate_text(f"length({grown})", {}) == 8_000_000
    with pytest.raises(PipelineError, match="Maximum object size exceeded"):
        evaluate_text(outer.format(grown), {})


def test_json_of_a_large_object_is_refused() -> None:
    with pytest.raises(PipelineError, match="Maximum object size exceeded"):
        evaluate_text("convertToJson(variables)", {"variables": {str(n): "x" * 1_000_000 for n in range(11)}})
