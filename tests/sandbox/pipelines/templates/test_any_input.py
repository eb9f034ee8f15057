"""Whatever the text is, the answer is a value or an error with a place, never an accident."""
from __future__ import annotations

import json
import sys
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.pipelines.expressions import evaluate_text
from sandbox.pipelines.nodes import PipelineError
from sandbox.pipelines.repositories import Repositories
from sandbox.pipelines.templates import expand

FRAGMENTS = ["eq", "(", ")", "[", "]", ",", ".", "*", "'a'", "1", "1.2.3", "variables", "x", "format", "and", " ", "-"]
LINES = [
    "steps:", "jobs:", "- job: A", "  steps:", "- script: a", "- ${{ if true }}:", "  - script: b", "- ${{ else }}:",
    "parameters:", "- name: p", "  default: [a]", "variables:", "  a: ${{ parameters.p }}", "- template: t.yml",
    "extends:", "  template: azure-pipelines.yml", "- ${{ parameters.p }}", "- ${{ each x in parameters.p }}:",
    "  ${{ insert }}: ${{ parameters.p }}", "pool: {name: ${{ 1", "resources: {repositories: [{repository: a}]}",
]
sys.setrecursionlimit(10_000)  # as the expansion does; hypothesis wants it unchanged within a test
QUICK = settings(max_examples=150, derandomize=True, deadline=None,
                 suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUICK
@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(FRAGMENTS), max_size=15).map("".join)))
def test_any_expression_is_answered(text: str) -> None:
    try:
        value = evaluate_text(text, {"variables": {"x": "1"}})
    except PipelineError as error:
        answered = error.position is not None
    else:
        answered = json.loads(json.dumps(value)) == value
    assert answered


@QUICK
@given(st.one_of(st.binary(max_size=60), st.lists(st.sampled_from(LINES), max_size=8).map("\n".join).map(str.encode)))
def test_any_file_is_answered(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "azure-pipelines.yml").write_bytes(content)
    repositories = Repositories()
    repositories.add_folder("self", tmp_path)
    try:
        done = expand("azure-pipelines.yml", repositories, repositories.resolve("self"), parameters={}, predefined={})
    except PipelineError as error:
        answered = error.position is not None
    else:
        answered = done.root.get("stages") is not None
    assert answered
