from __future__ import annotations

from pathlib import Path

import pytest

from tests.sandbox.pipelines.running import run

NOT_MODELLED = [
    pytest.param("steps:\n- task: NoSuchTask@1", 2, "the task 'NoSuchTask@1' is not modelled", id="task"),
    pytest.param("steps:\n- task: Bash@3\n  inputs: {nosuch: 1}", 2, "the input 'nosuch' of the task 'Bash@3'",
                 id="input"),
    pytest.param("steps:\n- pwsh: ls", 2, "the task 'PowerShell@2' is not modelled", id="shell"),
    pytest.param("jobs:\n- job: a\n  container: ubuntu\n  steps: []", 3, "'container' of a job", id="container"),
    pytest.param("jobs:\n- job: a\n  services: {db: x}\n  steps: []", 3, "'services' of a job", id="services"),
    pytest.param("jobs:\n- job: a\n  pool: server\n  steps:\n  - bash: ls", 5, "'Bash@3' needs an agent",
                 id="server job"),
    pytest.param("stages:\n- stage: a\n  trigger: manual\n  jobs: []", 2, "the manual trigger of stage 'a'",
                 id="manual stage"),
    pytest.param("jobs:\n- deployment: d\n  environment: e\n  strategy:\n    canary:\n      increments: [10]", 5,
                 "'canary' of a strategy", id="canary"),
    pytest.param("jobs:\n- deployment: d\n  environment: {name: e, resourceName: r}\n  strategy:\n    runOnce: {}", 3,
                 "'resourceName' of a deployment environment", id="environment resource"),
    pytest.param("resources:\n  pipelines:\n  - {pipeline: p, source: s}\nsteps:\n- bash: ls", 2,
                 "'pipelines' of a resources block", id="pipeline resource"),
    pytest.param("steps:\n- bash: ls\n  target: box", 3, "the step target 'box'", id="target"),
]


@pytest.mark.parametrize(("text", "line", "said"), NOT_MODELLED)
def test_what_is_not_modelled_is_refused_with_its_place(tmp_path: Path, text: str, line: int, said: str) -> None:
    result = run(tmp_path, text)
    assert result.error is not None
    assert f"/azure-pipelines.yml (Line: {line}, Col: " in result.error
    assert said in result.error
    assert result.steps == []


WRONG = [
    pytest.param("jobs: [{job: a, dependsOn: b, steps: []}]", "Job a depends on unknown job b", id="unknown job"),
    pytest.param("jobs: [{job: a, dependsOn: b, steps: []}, {job: b, dependsOn: a, steps: []}]",
                 "circle of dependencies: a, b", id="cycle"),
    pytest.param("jobs: [{job: a, steps: []}, {job: A, steps: []}]", "Job name A appears more than once", id="twice"),
    pytest.param("stages: [{stage: a, dependsOn: x, jobs: []}]", "Stage a depends on unknown stage x", id="stage"),
    pytest.param("steps: [{bash: a, name: s}, {bash: b, name: S}]", "step name S appears more than once", id="step"),
    pytest.param("steps: [{bash: a, continueOnError: maybe}]", "maybe", id="boolean"),
    pytest.param("jobs: [{job: a, timeoutInMinutes: soon, steps: []}]", "soon", id="number"),
    pytest.param("steps: [{bash: a, retryCountOnTaskFailure: nan}]", "nan", id="no number"),
    pytest.param("jobs: [{job: a, strategy: {parallel: 1_0}, steps: []}]", "1_0", id="number of Python"),
    pytest.param("steps: [{bash: a, continueOnError: $(x)}]", "$(x)", id="macro where none is read"),
    pytest.param("variables: {v: \"$[counter('a', 'x')]\"}\nsteps: []", "seed of counter() is 'x'", id="seed"),
    pytest.param("jobs: [{job: a, condition: nosuch(), steps: []}]", "nosuch", id="function in a condition"),
    pytest.param("jobs: [{job: a, condition: 'eq(parameters.x, 1)', steps: []}]", "parameters", id="context"),
    pytest.param("lockBehavior: fifo\nsteps: []", "fifo", id="lock"),
]


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_what_cannot_be_is_refused_before_anything_runs(tmp_path: Path, text: str, said: str) -> None:
    result = run(tmp_path, text)
    assert (result.result, result.steps) == ("failed", [])
    assert result.error is not None
    assert said in result.error


def test_an_unknown_stage_cannot_be_chosen(tmp_path: Path) -> None:
    result = run(tmp_path, "stages: [{stage: a, jobs: []}]", stages=["b"])
    assert result.error is not None
    assert "unknown stages: b" in result.error


def test_a_stage_that_is_not_skippable_cannot_be_left_out(tmp_path: Path) -> None:
    text = "stages: [{stage: a, isSkippable: false, jobs: []}, {stage: b, jobs: []}]"
    result = run(tmp_path, text, stages=["b"])
    assert result.error is not None
    assert "stage a cannot be skipped" in result.error
