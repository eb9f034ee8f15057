"""What templates do with the lists they are given: add to each job, refuse a step, drop what is theirs alone."""
from __future__ import annotations

import pytest

from sandbox.pipelines.nodes import PipelineError
from tests.sandbox.pipelines.templates.conftest import Data

ADD_DEPENDENCY = """
parameters:
- name: jobs
  type: jobList
jobs:
- job: Scan
  steps:
  - script: scan
- ${{ each job in parameters.jobs }}:
  - ${{ each pair in job }}:
      ${{ if notIn(pair.key, 'dependsOn', 'templateContext') }}:
        ${{ pair.key }}: ${{ pair.value }}
    dependsOn:
    - Scan
    - ${{ if job.dependsOn }}:
      - ${{ job.dependsOn }}
"""
REFUSE_SCRIPTS = """
parameters:
- name: steps
  type: stepList
steps:
- ${{ each step in parameters.steps }}:
  - ${{ each pair in step }}:
      ${{ if ne(pair.value, 'CmdLine@2') }}:
        ${{ pair.key }}: ${{ pair.value }}
      ${{ else }}:
        '${{ pair.value }}': not allowed here
"""


@pytest.mark.parametrize(
    ("given", "expected"),
    [("", ["Scan"]), ("dependsOn: A", ["Scan", "A"]), ("dependsOn: [A, C]", ["Scan", "A", "C"])],
)
def test_dependency_is_added_to_each_job(final: Data, given: str, expected: list[str]) -> None:
    entry = "jobs:\n- template: t.yml\n  parameters:\n    jobs:\n    - job: A\n    - job: C\n    - job: B\n"
    jobs = final({"azure-pipelines.yml": f"{entry}      {given}\n", "t.yml": ADD_DEPENDENCY})["stages"][0]["jobs"]
    assert jobs[-1]["dependsOn"] == expected


def test_context_of_a_job_is_data_for_the_template(final: Data) -> None:
    entry = "jobs:\n- template: t.yml\n  parameters:\n    jobs:\n    - job: A\n      templateContext: {free: {a: 1}}\n"
    jobs = final({"azure-pipelines.yml": entry, "t.yml": ADD_DEPENDENCY})["stages"][0]["jobs"]
    assert jobs[1] == {"job": "A", "dependsOn": ["Scan"]}


@pytest.mark.parametrize("step", ["script: a", "task: CmdLine@2\n      inputs: {script: a}"])
def test_step_is_refused_by_its_task(final: Data, step: str) -> None:
    entry = f"extends:\n  template: t.yml\n  parameters:\n    steps:\n    - bash: fine\n    - {step}\n"
    with pytest.raises(PipelineError, match="Unexpected value 'CmdLine@2'"):
        final({"azure-pipelines.yml": entry, "t.yml": REFUSE_SCRIPTS})


def test_allowed_steps_pass(steps: Data) -> None:
    entry = "extends:\n  template: t.yml\n  parameters:\n    steps:\n    - bash: fine\n      name: n\n    - task: X@1\n"
    found = steps({"azure-pipelines.yml": entry, "t.yml": REFUSE_SCRIPTS})
    assert [(step["task"], step.get("name")) for step in found] == [("Bash@3", "n"), ("X@1", None)]


def test_own_steps_stand_around_those_of_the_caller(scripts: Data) -> None:
    files = {
        "azure-pipelines.yml": "steps:\n- template: t.yml\n  parameters: {middle: [{script: b}, {bash: c}]}\n",
        "t.yml": "parameters:\n- name: middle\n  type: stepList\n  default: []\nsteps:\n- script: a\n"
        "- ${{ parameters.middle }}\n- script: d\n",
    }
    assert scripts(files) == ["a", "b", "c", "d"]
