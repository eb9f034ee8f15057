from __future__ import annotations

from typing import Any

import pytest

from steps.lib.jobs.parameter_rules import MOST_BYTES, parameter_findings
from tests.steps.lib.jobs.job_files import job, tasks


@pytest.mark.parametrize("name", ["a", "A_b.c-9", "0", "-"])
def test_a_name_the_api_takes_is_fine(name: str) -> None:
    assert parameter_findings(job(parameters={name: "x"})) == []


@pytest.mark.parametrize(("name", "problem"), [
    ("", "parameter name '' is empty"), ("a b", "parameter name 'a b' has ' '"), ("ä", "parameter name 'ä' has 'ä'"),
    ("$(x)", "parameter name '$(x)' has '$'"), ("a\nb", "parameter name 'a\\nb' has '\\n'"),
], ids=["empty", "space", "umlaut", "macro", "line-break"])
def test_a_name_the_api_refuses_is_told_where_it_stands(name: str, problem: str) -> None:
    [finding] = parameter_findings(job(parameters={"fine": "1", name: "x"}))
    assert finding.problem == f"{problem}, expected only letters of ASCII, digits, _ . and -"
    assert finding.line == 10


@pytest.mark.parametrize("fields", [
    {"parameters": {"a b": "1"}}, {"smoke_test": {"parameters": {"a b": "1"}}},
    tasks({"task_key": "a", "parameters": {"a b": "1"}}),
], ids=["job", "smoke-test", "task"])
def test_every_place_with_parameters_is_looked_at(fields: dict[str, Any]) -> None:
    assert len(parameter_findings(job(**fields))) == 1


def test_parameters_may_be_as_large_as_the_api_takes_and_no_larger() -> None:
    frame = len('{"a": ""}')
    assert parameter_findings(job(parameters={"a": "x" * (MOST_BYTES - frame)})) == []
    [finding] = parameter_findings(job(parameters={"a": "x" * (MOST_BYTES - frame + 1)}))
    assert finding.problem == "10,001 bytes of parameters, expected at most 10,000"


def test_letters_count_as_the_bytes_they_are() -> None:
    assert len(parameter_findings(job(parameters={"a": "ä" * 5_000}))) == 1


def test_a_python_file_gets_ascii_only() -> None:
    rows = tasks({"task_key": "a", "python_file": "a.py", "parameters": ["--x", "größe"]},
                 {"task_key": "b", "wheel": {}, "parameters": ["größe"]})
    [finding] = parameter_findings(job(**rows))
    assert finding.path == "jobs[0].tasks[0].parameters[1]"
