"""Parameters: every type, defaults, allowed values, and how a value arrives."""
from __future__ import annotations

import pytest

from sandbox.pipelines.nodes import PipelineError
from tests.sandbox.pipelines.templates.conftest import Data, Expand

SHOW = "steps:\n- script: ${{ parameters.p }}\n"


def declared(kind: str = "", default: str = "", values: str = "") -> str:
    lines = ["parameters:", "- name: p"]
    lines += [f"  type: {kind}"] if kind else []
    lines += [f"  default: {default}"] if default else []
    lines += [f"  values: {values}"] if values else []
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("kind", "given", "text"),
    [
        ("string", "x", "x"), ("", "x", "x"), ("string", "true", "true"), ("string", "", ""), ("string", "[1]", "[1]"),
        ("string", True, "true"), ("string", "${{ 1 }}", "${{ 1 }}"), ("boolean", "true", "True"),
        ("boolean", "FALSE", "False"), ("boolean", True, "True"), ("number", "1.0", "1"), ("number", "1,000", "1000"),
        ("number", 2, "2"), ("environment", "dev", "dev"), ("filePath", "a/b", "a/b"),
    ],
)
def test_value_of_queue_time_arrives_by_its_type(scripts: Data, kind: str, given: object, text: str) -> None:
    assert scripts(declared(kind) + SHOW, parameters={"P": given}) == [text]


@pytest.mark.parametrize(
    ("kind", "given", "message"),
    [
        ("boolean", "yes", "The 'p' parameter value 'yes' is not a valid Boolean."),
        ("boolean", "", "is not a valid Boolean"), ("boolean", "1", "is not a valid Boolean"),
        ("number", "a", "The 'p' parameter value 'a' is not a valid Number."), ("number", "", "is not a valid Number"),
        ("stepList", "x", "Unexpected value 'x'"), ("stringList", "{a: 1}", "is not a valid StringList"),
    ],
)
def test_value_of_the_wrong_type_is_refused(scripts: Data, kind: str, given: str, message: str) -> None:
    with pytest.raises(PipelineError) as caught:
        scripts(declared(kind) + "steps:\n- script: a\n", parameters={"p": given})
    assert message in str(caught.value)


@pytest.mark.parametrize("kind", ["", "string"])
def test_array_as_default_of_a_text_is_refused(scripts: Data, kind: str) -> None:
    with pytest.raises(PipelineError, match="The 'p' parameter is not a valid String"):
        scripts(declared(kind, "[a]") + SHOW)


@pytest.mark.parametrize("values", ["", "[a, b]"])
def test_required_parameter_has_to_be_given(scripts: Data, values: str) -> None:
    with pytest.raises(PipelineError, match=r"A value for the 'p' parameter must be provided."):
        scripts(declared("string", values=values) + SHOW)


def test_unknown_parameter_is_refused(scripts: Data) -> None:
    with pytest.raises(PipelineError, match="Unexpected parameter 'other'"):
        scripts(declared("string", "a") + SHOW, parameters={"other": "x"})


@pytest.mark.parametrize(("given", "accepted"), [("a", True), ("A", False), ("c", False), ("", False)])
def test_allowed_values_keep_their_case(scripts: Data, given: str, accepted: bool) -> None:
    text = declared("string", "b", "[a, b]") + SHOW
    if accepted:
        assert scripts(text, parameters={"p": given}) == [given]
    else:
        with pytest.raises(PipelineError, match="is not an allowed value"):
            scripts(text, parameters={"p": given})


def test_default_outside_the_allowed_values_is_refused(scripts: Data) -> None:
    with pytest.raises(PipelineError, match="is not an allowed value"):
        scripts(declared("string", "c", "[a, b]") + SHOW)


def test_text_literal_is_the_only_expression_a_default_may_be(scripts: Data) -> None:
    assert scripts(declared("string", "${{ 'x' }}") + SHOW) == ["x"]


@pytest.mark.parametrize(
    "default", ["${{ 42 }}", "${{ true }}", "a ${{ 'x' }}", "${{ variables.x }}", "${{ format('x') }}"]
)
def test_any_other_expression_in_a_default_is_refused(scripts: Data, default: str) -> None:
    with pytest.raises(PipelineError, match="A template expression is not allowed in this context"):
        scripts(declared("string", default) + SHOW)


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("- name: p\n- name: P\n", "The 'p' parameter is declared more than once"),
        ("- name: p\n  typ: string\n", "Unexpected value 'typ'"), ("- type: string\n", "needs a 'name'"),
        ("- name: ${{ 'p' }}\n", "A template expression is not allowed in this context"),
        ("- name: [p]\n", "A sequence was not expected"),
        ("- name: p\n  type: text\n", "Unexpected value 'text'"), ("- p\n", "Unexpected value 'p'; expected a mapping"),
        ("- name: p\n  type: containerList\n", "Unexpected value 'ContainerList'"),
        ("  p: a\n", "A mapping was not expected"),
        ("- ${{ if true }}:\n  - name: p\n", "A template expression is not allowed in this context"),
    ],
)
def test_malformed_declaration_is_refused(scripts: Data, block: str, message: str) -> None:
    with pytest.raises(PipelineError) as caught:
        scripts("parameters:\n" + block + "steps:\n- script: a\n")
    assert message in str(caught.value)


@pytest.mark.parametrize("text", ['{"k": ["a", 1]}', "k: [a, 1]", "k:\n- a\n- 1\n"])
def test_object_is_json_or_yaml_text(scripts: Data, text: str) -> None:
    show = "steps:\n- script: ${{ join('+', parameters.p.k) }}\n"
    assert scripts(declared("object") + show, parameters={"p": text}) == ["a+1"]


def test_object_may_be_given_as_data(expanded: Expand) -> None:
    text = declared("object") + "steps:\n- script: ${{ parameters.p.k }}\n"
    assert expanded(text, parameters={"p": {"k": "v"}}).parameters == {"p": {"k": "v"}}


def test_scalars_in_objects_are_text(scripts: Data) -> None:
    text = declared("object", "{no: false, n: 1.0, nothing: }") + "steps:\n- ${{ if parameters.p.no }}:\n"
    text += "  - script: ${{ parameters.p.n }}\n- ${{ if not(parameters.p.nothing) }}:\n  - script: null is false\n"
    assert scripts(text) == ["1.0", "null is false"]


def passed(kind: str, value: str, inside: str) -> dict[str, str]:
    return {
        "azure-pipelines.yml": f"steps:\n- template: t.yml\n  parameters:\n    p: {value}\n",
        "t.yml": declared(kind) + f"steps:\n{inside}",
    }


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [("string", "true", "true"), ("string", "${{ true }}", "True"), ("boolean", "'true'", "True"),
     ("boolean", "${{ eq(1, 1) }}", "True"), ("number", "'07'", "7"), ("string", "", ""), ("string", "1.0", "1.0")],
)
def test_value_passed_to_a_template_arrives_by_its_type(scripts: Data, kind: str, value: str, text: str) -> None:
    assert scripts(passed(kind, value, "- script: ${{ parameters.p }}\n")) == [text]


def test_template_sees_only_its_own_parameters(scripts: Data) -> None:
    files = {
        "azure-pipelines.yml": declared("string", "a") + "steps:\n- template: t.yml\n",
        "t.yml": "steps:\n- script: ${{ parameters.p }}\n",
    }
    with pytest.raises(PipelineError, match="Key not found 'p'"):
        scripts(files)


@pytest.mark.parametrize(("given", "text"), [("a: 1", "1-default"), ("b: 2\n      c: x", "-2"), ("A: 3", "3-default")])
def test_old_style_parameters_take_anything(scripts: Data, given: str, text: str) -> None:
    files = {
        "azure-pipelines.yml": f"steps:\n- template: t.yml\n  parameters:\n      {given}\n",
        "t.yml": "parameters: {a: '', b: default}\nsteps:\n- script: ${{ parameters.a }}-${{ parameters.b }}\n",
    }
    assert scripts(files) == [text]


def test_parameter_given_twice_is_an_error(scripts: Data) -> None:
    files = passed("string", "a\n    P: b", "- script: a\n")
    with pytest.raises(PipelineError, match="'P' is already defined"):
        scripts(files)


@pytest.mark.parametrize(("given", "accepted"), [("[a, b]", True), ("[]", True), ("[a, c]", False)])
def test_every_item_of_a_string_list_has_to_be_allowed(scripts: Data, given: str, accepted: bool) -> None:
    text = declared("stringList", "[a]", "[a, b]") + "steps:\n- script: ${{ join('+', parameters.p) }}\n"
    if accepted:
        assert scripts(text, parameters={"p": given}) == ["+".join(given.strip("[]").split(", "))]
    else:
        with pytest.raises(PipelineError, match="The 'p' parameter value 'c' is not an allowed value"):
            scripts(text, parameters={"p": given})


def test_keys_and_values_of_queue_time_are_never_expressions(steps: Data) -> None:
    text = declared("object") + "steps:\n- script: a\n  env:\n    ${{ insert }}: ${{ parameters.p }}\n"
    data = {"${{ 1 }}": "${{ 2 }}", "${{ if true }}": "x"}
    assert steps(text, parameters={"p": data})[0]["env"] == data
