"""Parameters that are steps, jobs or stages: desugared and checked before the template sees them."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.pipelines.nodes import PipelineError
from tests.sandbox.pipelines.templates.conftest import Data
from tests.sandbox.pipelines.templates.test_parameters import declared, passed


@pytest.mark.parametrize(
    ("step", "task"),
    [("script: a", "CmdLine@2"), ("bash: a", "Bash@3"), ("pwsh: a", "PowerShell@2"), ("task: X@1", "X@1"),
     ("checkout: self", "6d15af64-176c-496d-b583-fd2ae21d4df4@1")],
)
def test_steps_of_a_list_arrive_as_tasks(scripts: Data, step: str, task: str) -> None:
    show = "- ${{ each s in parameters.p }}:\n  - script: ${{ s.task }} ${{ coalesce(s.script, s.bash, 'gone') }}\n"
    assert scripts(passed("stepList", f"[{{{step}}}]", show)) == [f"{task} gone"]


def test_list_with_an_expression_is_expanded_where_it_is_written(scripts: Data) -> None:
    files = passed("stepList", "[]", "- ${{ parameters.p }}\n")
    files["azure-pipelines.yml"] = (
        "variables:\n  v: caller\nsteps:\n- template: t.yml\n  parameters:\n    p:\n"
        "    - ${{ if true }}:\n      - script: ${{ variables.v }}\n    - template: more.yml\n"
    )
    files["more.yml"] = "steps:\n- script: more\n"
    assert scripts(files) == ["caller", "more"]


@pytest.mark.parametrize(
    ("kind", "value", "inside"),
    [
        ("jobList", "[{job: A, steps: [{script: a}]}]", "jobs:\n- ${{ parameters.p }}\n"),
        ("job", "{job: A, steps: [{script: a}]}", "jobs:\n- ${{ parameters.p }}\n"),
        ("deploymentList", "[{deployment: A, environment: e}]", "jobs:\n- ${{ parameters.p }}\n"),
        ("stageList", "[{stage: S, jobs: [{job: A, steps: [{script: a}]}]}]", "stages:\n- ${{ parameters.p }}\n"),
    ],
)
def test_lists_of_jobs_and_stages_arrive(final: Data, kind: str, value: str, inside: str) -> None:
    files = {
        "azure-pipelines.yml": f"extends:\n  template: t.yml\n  parameters:\n    p: {value}\n",
        "t.yml": declared(kind) + inside,
    }
    job: Any = final(files)["stages"][0]["jobs"][0]
    assert "A" in (job.get("job"), job.get("deployment"))
    assert all("task" in step for step in job.get("steps", []))


@pytest.mark.parametrize(
    ("kind", "value", "name"),
    [
        ("stepList", "[{foo: a}]", "foo"), ("step", "{script: a, foo: b}", "foo"),
        ("jobList", "[{script: a}]", "script"),
        ("jobList", "[{job: A, steps: [{foo: a}]}]", "foo"), ("stageList", "[{stage: A, steps: []}]", "steps"),
        ("stepList", "[a]", "a"), ("step", "a", "a"),
    ],
)
def test_typed_parameter_is_checked_even_where_it_is_not_used(scripts: Data, kind: str, value: str, name: str) -> None:
    with pytest.raises(PipelineError, match=rf"Unexpected value '{name}'|not a valid Step"):
        scripts(passed(kind, value, "- script: a\n"))


@pytest.mark.parametrize(("kind", "accepted"), [("stringList", False), ("container", True), ("legacyObject", True)])
def test_types_of_a_template(scripts: Data, kind: str, accepted: bool) -> None:
    files = passed(kind, "[a]" if kind == "stringList" else "{image: a}", "- script: b\n")
    if accepted:
        assert scripts(files) == ["b"]
    else:
        with pytest.raises(PipelineError, match="Unexpected value 'StringList'"):
            scripts(files)
