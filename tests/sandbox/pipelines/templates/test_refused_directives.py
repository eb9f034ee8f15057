"""Directives and expressions that stand where they may not, or are not whole, in the words of the service."""
from __future__ import annotations

import pytest

from sandbox.pipelines.nodes import PipelineError
from tests.sandbox.pipelines.templates.conftest import Data


@pytest.mark.parametrize(
    "key", ["else if true", "else true", "insert x", "if", "each x", "each in y", "each 1 in variables", "If true"]
)
def test_malformed_directive_is_an_error(scripts: Data, key: str) -> None:
    with pytest.raises(PipelineError):
        scripts(f"steps:\n- ${{{{ if false }}}}:\n  - script: a\n- ${{{{ {key} }}}}:\n  - script: b\n")


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("else if true", "Exactly 0 parameter(s) were expected following the directive 'else'."),
        ("else if true", "Actual parameter count: 2"),
        ("if", "Exactly 1 parameter(s) were expected following the directive 'if'. Actual parameter count: 0"),
        ("insert 'a b'", "following the directive 'insert'. Actual parameter count: 1"),
        ("each x of y", "The directive 'each x of y' is not valid"), ("If true", "Unexpected symbol: 'true'"),
        ("Else", "Unrecognized value: 'Else'"),
    ],
)
def test_message_of_a_malformed_directive(scripts: Data, key: str, message: str) -> None:
    with pytest.raises(PipelineError) as caught:
        scripts(f"steps:\n- ${{{{ if false }}}}:\n  - script: a\n- ${{{{ {key} }}}}:\n  - script: b\n")
    assert message in str(caught.value)


def test_directive_as_a_value_is_an_error(scripts: Data) -> None:
    with pytest.raises(PipelineError, match="The expression directive 'if' is not supported in this context"):
        scripts("steps:\n- script: ${{ if true }}\n")


@pytest.mark.parametrize("blank", ["${{ }}", "${{}}", "a ${{   }} b"])
def test_expression_may_not_be_empty(scripts: Data, blank: str) -> None:
    with pytest.raises(PipelineError, match="An expression was expected"):
        scripts(f"steps:\n- script: {blank}\n")


def test_directive_in_text_is_an_error(scripts: Data) -> None:
    message = r"The directive 'if' is not allowed in this context\. Directives are not supported for expressions"
    with pytest.raises(PipelineError, match=message):
        scripts("steps:\n- script: a ${{ if true }} b\n")
