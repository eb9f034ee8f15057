"""`if`, `elseif`, `else`, `each`, `insert`, and where their bodies land."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.pipelines.nodes import PipelineError
from tests.sandbox.pipelines.templates.conftest import Data

PARAMETERS = """
parameters:
- name: list
  type: object
  default: [a, b]
- name: tree
  type: object
  default: {B: 1, a: 2}
- name: steps
  type: object
  default:
  - script: inserted
- name: none
  type: object
  default:
"""


def _chain(*conditions: str) -> str:
    keywords = ["if", *["elseif"] * (len(conditions) - 1)]
    lines = [
        f"- ${{{{ {keyword} {condition} }}}}:\n  - script: {condition}"
        for keyword, condition in zip(keywords, conditions, strict=True)
    ]
    return "\n".join(["steps:", *lines, "- ${{ else }}:\n  - script: other\n"])


@pytest.mark.parametrize(
    ("conditions", "winner"),
    [(("true", "true"), "true"), (("false", "true"), "true"), (("false", "false"), "other"), (("''", "0"), "other")],
)
def test_first_true_branch_wins(scripts: Data, conditions: tuple[str, ...], winner: str) -> None:
    assert scripts(_chain(*conditions)) == [winner]


def test_ordinary_sibling_does_not_break_a_chain(scripts: Data) -> None:
    text = "steps:\n- ${{ if false }}:\n  - script: a\n- script: between\n- ${{ else }}:\n  - script: b\n"
    assert scripts(text) == ["between", "b"]


@pytest.mark.parametrize("between", ["${{ each x in parameters.list }}", "${{ insert }}"])
def test_each_and_insert_break_a_chain(scripts: Data, between: str) -> None:
    body = f"steps:\n- ${{{{ if false }}}}:\n  - script: a\n- {between}:\n  - script: b\n"
    with pytest.raises(PipelineError, match="'else' has no 'if' before it"):
        scripts(PARAMETERS + body + "- ${{ else }}:\n  - script: c\n")


@pytest.mark.parametrize("keyword", ["else", "elseif true"])
def test_orphan_is_an_error(scripts: Data, keyword: str) -> None:
    with pytest.raises(PipelineError, match="has no 'if' before it"):
        scripts(f"steps:\n- script: a\n- ${{{{ {keyword} }}}}:\n  - script: b\n")


def test_nothing_follows_an_else(scripts: Data) -> None:
    text = _chain("false") + "- ${{ else }}:\n  - script: again\n"
    with pytest.raises(PipelineError, match="has no 'if' before it"):
        scripts(text)


def test_losing_branch_is_not_evaluated(scripts: Data) -> None:
    text = "steps:\n- ${{ if false }}:\n  - script: ${{ lt(1, 'a') }}\n- script: b\n"
    assert scripts(text) == ["b"]


@pytest.mark.parametrize("wrong", ["${{ eq(1 }}", "${{ unknown.x }}", "${{ foo() }}", "${{ 1"])
def test_syntax_error_in_a_losing_branch_is_fatal(scripts: Data, wrong: str) -> None:
    with pytest.raises(PipelineError, match=r"/azure-pipelines.yml \(Line: 3, Col: 13\)"):
        scripts(f"steps:\n- ${{{{ if false }}}}:\n  - script: {wrong}\n- script: b\n")


def test_mapping_body_merges_at_its_place(steps: Data) -> None:
    text = """
steps:
- script: a
  ${{ if true }}:
    displayName: yes
    env: {X: 1}
  ${{ else }}:
    displayName: no
  timeoutInMinutes: 5
"""
    step = steps(text)[0]
    assert list(step) == ["task", "displayName", "env", "timeoutInMinutes", "inputs"]
    assert step["displayName"] == "yes"


def test_mapping_body_of_an_item_is_one_item(scripts: Data) -> None:
    text = "steps:\n- ${{ if true }}:\n    script: a\n- ${{ if false }}:\n    script: b\n"
    assert scripts(text) == ["a"]


@pytest.mark.parametrize(
    ("collection", "expected"),
    [("list", ["-a", "-b"]), ("tree", ["B-1", "a-2"]), ("none", []), ("tree.zz", [])],
)
def test_each_walks_sequences_and_mappings(scripts: Data, collection: str, expected: list[str]) -> None:
    text = f"steps:\n- ${{{{ each x in parameters.{collection} }}}}:\n"
    text += "  - script: ${{ x.key }}-${{ coalesce(x.value, x) }}\n- script: end\n"
    assert scripts(PARAMETERS + text) == [*expected, "end"]


@pytest.mark.parametrize("value", ["'text'", "1", "''"])
def test_each_over_a_scalar_is_an_error(scripts: Data, value: str) -> None:
    with pytest.raises(PipelineError, match="Expected a sequence or mapping"):
        scripts(f"steps:\n- ${{{{ each x in {value} }}}}:\n  - script: a\n")


@pytest.mark.parametrize("name", ["parameters", "Variables", "outer"])
def test_loop_name_may_hide_nothing(scripts: Data, name: str) -> None:
    text = f"steps:\n- ${{{{ each outer in parameters.list }}}}:\n  - ${{{{ each {name} in parameters.list }}}}:\n"
    with pytest.raises(PipelineError, match="hides a context or an outer loop"):
        scripts(PARAMETERS + text + "    - script: a\n")


def test_loop_name_ends_with_its_loop(scripts: Data) -> None:
    text = "steps:\n- ${{ each x in parameters.list }}:\n  - script: a\n- script: ${{ x }}\n"
    with pytest.raises(PipelineError, match="Unrecognized value: 'x'"):
        scripts(PARAMETERS + text)


def test_pairs_of_a_loop_write_into_one_mapping(final: Data) -> None:
    text = "variables:\n  ${{ each p in parameters.tree }}:\n    v_${{ p.key }}: ${{ p.value }}\nsteps:\n- script: a\n"
    assert final(PARAMETERS + text)["variables"] == [{"name": "v_B", "value": "1"}, {"name": "v_a", "value": "2"}]


def test_array_as_item_flattens(scripts: Data) -> None:
    assert scripts(PARAMETERS + "steps:\n- script: a\n- ${{ parameters.steps }}\n") == ["a", "inserted"]


def test_object_as_item_is_one_item(scripts: Data) -> None:
    assert scripts(PARAMETERS + "steps:\n- ${{ parameters.steps[0] }}\n- script: b\n") == ["inserted", "b"]


def test_insert_merges_in_place(steps: Data) -> None:
    text = "steps:\n- script: a\n  env:\n    FIRST: 0\n    ${{ insert }}: ${{ parameters.tree }}\n    LAST: 3\n"
    assert list(steps(PARAMETERS + text)[0]["env"].items()) == [("FIRST", "0"), ("B", "1"), ("a", "2"), ("LAST", "3")]


@pytest.mark.parametrize(
    "entry", ["A: 1\n    a: 2", "a: 1\n    ${{ insert }}: {a: 2}", "a: 1\n    ${{ if true }}:\n      A: 2"]
)
def test_duplicate_key_is_an_error_and_never_an_override(steps: Data, entry: str) -> None:
    with pytest.raises(PipelineError, match=r"'[aA]' is already defined"):
        steps(f"steps:\n- script: a\n  env:\n    {entry}\n")


def test_two_equal_directive_keys_are_no_duplicates(steps: Data) -> None:
    text = "steps:\n- script: a\n  ${{ if true }}:\n    name: n\n  ${{ if  true }}:\n    displayName: d\n"
    assert steps(text)[0]["name"] == "n"


def test_array_body_where_a_mapping_is_wanted_is_an_error(steps: Data) -> None:
    with pytest.raises(PipelineError, match="Expected a mapping"):
        steps("steps:\n- script: a\n  ${{ if true }}:\n  - b\n")


@pytest.mark.parametrize(("value", "text"), [("true", "True"), ("1.0", "1"), ("variables.x", ""), ("'a'", "a")])
def test_lone_expression_yields_its_text(steps: Data, value: str, text: str) -> None:
    found: Any = steps(f"steps:\n- script: a\n  displayName: ${{{{ {value} }}}}\n")[0]["displayName"]
    assert found == text


def test_text_around_expressions_is_formatted(scripts: Data) -> None:
    text = "steps:\n- script: \"{0} ${{ eq(1, 1) }}-${{ format('{0}', 1.50) }} {{x}}\"\n"
    assert scripts(text) == ["{0} True-1.5 {{x}}"]


@pytest.mark.parametrize("kind", ["list", "tree"])
def test_object_in_text_raises(scripts: Data, kind: str) -> None:
    with pytest.raises(PipelineError, match="Unable to convert from"):
        scripts(PARAMETERS + f"steps:\n- script: echo ${{{{ parameters.{kind} }}}}\n")


def test_result_is_not_read_again(scripts: Data) -> None:
    text = "steps:\n- script: ${{ '${{' }} x\n- script: \"${{ format('{0}{1}', '${', '{ 1 }}') }}\"\n"
    assert scripts(text) == ["${{ x", "${{ 1 }}"]


def test_multi_line_result_stays_text(scripts: Data) -> None:
    assert scripts("steps:\n- script: |\n    echo ${{ 1 }}\n    - script: x\n") == ["echo 1\n- script: x\n"]


def test_text_may_hold_more_expressions_than_format_has_places(scripts: Data) -> None:
    assert scripts("steps:\n- script: " + "${{ 1 }}" * 300 + "\n") == ["1" * 300]
