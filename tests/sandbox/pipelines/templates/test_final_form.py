"""The canonical form of the final pipeline, and what may not be left in it."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.pipelines.nodes import PipelineError
from tests.sandbox.pipelines.templates.conftest import Data, Expand

CHECKOUT = "6d15af64-176c-496d-b583-fd2ae21d4df4@1"
DOWNLOAD = "30f35852-3f7e-4c0c-9a88-e127b4f97211@1"
PUBLISH = "ecdc45f6-832d-4ad9-b52b-ee49e94659be@1"


@pytest.mark.parametrize(
    ("step", "task", "inputs"),
    [
        ("{script: a, workingDirectory: d, failOnStderr: true}", "CmdLine@2",
         {"script": "a", "workingDirectory": "d", "failOnStderr": "true"}),
        ("{bash: a, workingDirectory: d}", "Bash@3", {"targetType": "inline", "script": "a", "workingDirectory": "d"}),
        ("{pwsh: a, errorActionPreference: stop}", "PowerShell@2",
         {"targetType": "inline", "script": "a", "errorActionPreference": "stop", "pwsh": "true"}),
        ("{powershell: a}", "PowerShell@2", {"targetType": "inline", "script": "a"}),
        ("{checkout: self, fetchDepth: 1, path: p}", CHECKOUT, {"repository": "self", "fetchDepth": "1", "path": "p"}),
        ("{publish: p, artifact: a}", PUBLISH, {"path": "p", "artifactName": "a"}),
        ("{download: current, artifact: a}", DOWNLOAD, {"alias": "current", "artifact": "a"}),
        ("{task: X@1, inputs: {a: 1}}", "X@1", {"a": "1"}),
    ],
)
def test_step_is_a_task(steps: Data, step: str, task: str, inputs: dict[str, str]) -> None:
    assert steps(f"steps:\n- {step}\n") == [{"task": task, "inputs": inputs}]


@pytest.mark.parametrize(
    ("keyword", "task", "name"), [("checkout", CHECKOUT, "repository"), ("download", DOWNLOAD, "alias")]
)
def test_none_is_a_task_that_never_runs(steps: Data, keyword: str, task: str, name: str) -> None:
    assert steps(f"steps:\n- {keyword}: none\n") == [{"task": task, "condition": "false", "inputs": {name: "none"}}]


def test_no_checkout_is_added(steps: Data) -> None:
    assert [step["task"] for step in steps("steps:\n- script: a\n")] == ["CmdLine@2"]


def test_other_keys_of_a_step_stay(steps: Data) -> None:
    keys = {"name": "n", "displayName": "d", "condition": "always()", "enabled": "false", "timeoutInMinutes": "1"}
    text = "".join(f"  {key}: {value}\n" for key, value in keys.items())
    assert steps("steps:\n- script: a\n" + text) == [{"task": "CmdLine@2", **keys, "inputs": {"script": "a"}}]


def test_steps_alone_get_a_stage_and_a_job(final: Data) -> None:
    found = final("pool: {name: p}\nname: n\nstrategy: {parallel: 2}\nsteps:\n- script: a\n")
    assert list(found) == ["name", "stages"]
    job = found["stages"][0]["jobs"][0]
    assert found["stages"][0]["stage"] == "__default"
    assert (job["job"], job["pool"], job["strategy"]) == ("Job", {"name": "p"}, {"parallel": "2"})


def test_jobs_alone_get_a_stage_and_leave_the_pool_at_the_root(final: Data) -> None:
    found = final("pool: p\njobs:\n- job: A\n")
    assert found == {"pool": "p", "stages": [{"stage": "__default", "jobs": [{"job": "A"}]}]}


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("trigger: none\npr: none\njobs: []", ("trigger",), {"enabled": "false"}),
        ("pr: none\njobs: []", ("pr",), {"enabled": "false"}),
        ("trigger: [main]\njobs: []", ("trigger",), ["main"]),
        ("jobs:\n- job: A\n- job: B\n  dependsOn: A", ("stages", 0, "jobs", 1, "dependsOn"), ["A"]),
        ("jobs:\n- job: A\n- job: B\n  dependsOn: ''", ("stages", 0, "jobs", 1, "dependsOn"), []),
        ("stages:\n- stage: A\n- stage: B\n  dependsOn: A", ("stages", 1, "dependsOn"), ["A"]),
        ("jobs:\n- deployment: A\n  environment: e.r", ("stages", 0, "jobs", 0, "environment"), {"name": "e.r"}),
        ("jobs:\n- job: A\n  variables: {a: 1}", ("stages", 0, "jobs", 0, "variables"), [{"name": "a", "value": "1"}]),
        ("jobs:\n- job: A\n  strategy:\n    matrix: {x: {v: 1}}", ("stages", 0, "jobs", 0, "strategy"),
         {"matrix": {"x": {"v": "1"}}}),
    ],
)
def test_short_forms_are_written_out(final: Data, text: str, path: tuple[Any, ...], value: object) -> None:
    found = final(text)
    for key in path:
        found = found[key]
    assert found == value


def test_steps_of_deployment_hooks_are_tasks(final: Data) -> None:
    text = """
jobs:
- deployment: D
  environment: e
  strategy:
    runOnce:
      preDeploy: {steps: [{script: a}]}
      deploy: {steps: [{template: t.yml}]}
      on:
        failure: {steps: [{checkout: none}]}
"""
    found = final({"azure-pipelines.yml": text, "t.yml": "steps:\n- bash: b\n"})
    hooks = found["stages"][0]["jobs"][0]["strategy"]["runOnce"]
    tasks = [hooks["preDeploy"], hooks["deploy"], hooks["on"]["failure"]]
    assert [hook["steps"][0]["task"] for hook in tasks] == ["CmdLine@2", "Bash@3", CHECKOUT]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("stpes: []\njobs: []", "stpes"), ("jobs: []\nsteps: []", "steps"),
        ("jobs:\n- job: A\n  step: []", "step"), ("jobs:\n- jbo: A", "jbo"),
        ("stages:\n- stage: A\n  job: []", "job"), ("stages:\n- stage: A\n  steps: []", "steps"),
        ("jobs:\n- job: A\n  environment: e", "environment"), ("jobs:\n- deployment: A\n  steps: []", "steps"),
        ("jobs:\n- job: A\n  templateContext: {x: 1}", "templateContext"), ("steps:\n- script: a\n  bash: b", "bash"),
        ("steps:\n- script: a\n  inputs: {}", "inputs"), ("steps:\n- script: a\n  displayname: x", "displayname"),
        ("steps:\n- displayName: x", ""), ("pool: {vmimage: x}\njobs: []", "vmimage"), ("steps:\n- a", "a"),
        ("trigger: {branch: main}\njobs: []", "branch"), ("schedules:\n- corn: x\njobs: []", "corn"),
        ("resources: {repos: []}\njobs: []", "repos"), ("phases: []\njobs: []", "phases"),
        ("jobs:\n- deployment: A\n  strategy: {runonce: {}}", "runonce"), ("jobs:\n- job: A\n  queue: x", "queue"),
        ("jobs:\n- deployment: A\n  strategy: {runOnce: {deploys: {}}}", "deploys"),
        ("steps:\n- script: a\n  target: {cmd: x}", "cmd"), ("steps:\n- getPackage: x", "getPackage"),
    ],
)
def test_unknown_key_is_refused_by_name_and_place(final: Data, text: str, key: str) -> None:
    with pytest.raises(PipelineError, match=r"^/azure-pipelines.yml \(Line: \d+, Col: \d+\): ") as caught:
        final(text)
    assert f"'{key}'" in str(caught.value) or not key


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("steps: {script: a}", "A mapping was not expected; expected a sequence"),
        ("steps:\n- [a]", "A sequence was not expected"),
        ("steps:\n- script: [a]", "A sequence was not expected"), ("steps:\n- script: a\n  env: [b]", "A sequence was"),
        ("jobs:\n- job: A\n  pool: [a]", "A sequence was not expected"), ("variables: {}", "There's not enough info"),
        ("jobs:\n- job: A\n  workspace: all", "Unexpected value 'all'"), ("- script: a", "A sequence was not expected"),
        ("jobs:\n- job: A\n  strategy: x", "Unexpected value 'x'"), ("jobs:\n- job: A\n  strategy: [x]", "A sequence"),
        ("extends: t.yml", "Unexpected value 't.yml'; expected a mapping"), ("", "Unexpected value ''"),
        ("steps: a", "Unexpected value 'a'; expected a sequence"), ("steps:\n- displayName: a", "not enough info"),
        ("jobs:\n- displayName: a", "Add one of these properties: job, deployment, template"),
    ],
)
def test_wrong_kind_of_value_is_refused(final: Data, text: str, message: str) -> None:
    with pytest.raises(PipelineError) as caught:
        final(text)
    assert message in str(caught.value)


def test_positions_outlive_the_expansion(expanded: Expand) -> None:
    files = {
        "azure-pipelines.yml": "steps:\n- template: t.yml\n  parameters:\n    s:\n    - script: a\n      name: x\n",
        "t.yml": "parameters:\n- name: s\n  type: stepList\nsteps:\n- ${{ each s in parameters.s }}:\n  - ${{ s }}\n",
    }
    with pytest.raises(PipelineError, match=r"/azure-pipelines.yml \(Line: 6, Col: 7\): Unexpected value 'nmae'"):
        expanded({**files, "azure-pipelines.yml": files["azure-pipelines.yml"].replace("name:", "nmae:")})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("jobs:\n- job: A\n- job: a", "appears more than once"),
        ("steps:\n- script: a\n  name: n\n- script: b\n  name: N",
         "Job Job: The step name N appears more than once. Step names must be unique within a job."),
        ("jobs:\n- job: A\n  dependsOn: B", "unknown job B"),
        ("jobs:\n- job: A\n  dependsOn: A", "circle"), ("stages:\n- stage: A\n  dependsOn: [B]", "unknown stage B"),
        ("jobs:\n- job: a b", "The name 'a b' is not valid"),
        ("steps:\n- script: a\n  name: x.y", "'x.y' is not valid"),
    ],
)
def test_names_and_dependencies_are_checked(final: Data, text: str, message: str) -> None:
    with pytest.raises(PipelineError) as caught:
        final(text)
    assert message in str(caught.value)
