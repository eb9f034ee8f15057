from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.pipelines.request import RunResult, Variable
from tests.sandbox.pipelines.running import lines, run


def results(result: RunResult) -> dict[str, str]:
    return {step.name: step.result for step in result.steps}


def test_steps_after_a_failure_run_as_their_conditions_say(tmp_path: Path) -> None:
    result = run(tmp_path, """
        steps:
        - bash: exit 1
          displayName: broken
        - {bash: "true", displayName: default}
        - {bash: "true", displayName: failed, condition: failed()}
        - {bash: "true", displayName: always, condition: always()}
        - {bash: "true", displayName: disabled, condition: always(), enabled: false}
        """)
    assert results(result) == {"Checkout self": "succeeded", "broken": "failed", "default": "skipped",
                               "failed": "succeeded", "always": "succeeded", "disabled": "skipped"}
    assert result.result == "failed"


def test_a_failure_that_may_be_is_an_issue(tmp_path: Path) -> None:
    result = run(tmp_path, """
        steps:
        - {bash: exit 1, displayName: broken, continueOnError: true}
        - {bash: echo "$AGENT_JOBSTATUS", displayName: next}
        """)
    assert results(result)["broken"] == result.result == "succeededWithIssues"
    assert "SucceededWithIssues" in lines(result)


def test_a_step_condition_reads_variables_in_any_case(tmp_path: Path) -> None:
    text = """
        steps:
        - {bash: echo yes, condition: "eq(variables['some.VARIABLE'], 'someVALUE')"}
        - {bash: echo no, condition: "eq(variables.nosuch, 'x')"}
        """
    assert lines(run(tmp_path, text, variables={"SOME.variable": Variable("SOMEvalue")})) == ["yes"]


def test_a_step_condition_that_cannot_be_evaluated_fails_its_step(tmp_path: Path) -> None:
    result = run(tmp_path, "steps: [{bash: echo never, condition: 'nosuch()'}]")
    assert result.result == "failed"
    assert "nosuch" in result.log
    assert "never" not in lines(result)


GRAPH = """
    jobs:
    - {job: a, condition: false, steps: [{bash: "true"}]}
    - {job: b, steps: [{bash: "true"}]}
    - {job: c, dependsOn: [a, b], condition: "in(dependencies.a.result, 'Skipped')", steps: [{bash: "true"}]}
    - {job: d, dependsOn: a, steps: [{bash: "true"}]}
    - {job: e, dependsOn: a, condition: succeededOrFailed(), steps: [{bash: "true"}]}
    - {job: f, dependsOn: a, condition: not(canceled()), steps: [{bash: "true"}]}
    - {job: g, condition: "gt(1, 'x')", steps: [{bash: "true"}]}
    - {job: h, dependsOn: g, condition: failed(), steps: [{bash: "true"}]}
    """


def test_a_skipped_job_skips_who_depends_on_it(tmp_path: Path) -> None:
    assert run(tmp_path, GRAPH).jobs == {
        "a": "skipped", "b": "succeeded", "c": "succeeded", "d": "skipped", "e": "skipped", "f": "succeeded",
        "g": "abandoned", "h": "skipped",
    }


def test_stages_follow_each_other_unless_they_say_otherwise(tmp_path: Path) -> None:
    result = run(tmp_path, """
        stages:
        - {stage: one, jobs: [{job: a, steps: [{bash: exit 1}]}]}
        - {stage: two, jobs: [{job: b, condition: always(), steps: [{bash: "true"}]}]}
        - {stage: three, dependsOn: [], jobs: [{job: c, steps: [{bash: "true"}]}]}
        - {stage: four, dependsOn: one, condition: failed(), jobs: [{job: d, steps: [{bash: "true"}]}]}
        """)
    assert result.stages == {"one": "failed", "two": "skipped", "three": "succeeded", "four": "succeeded"}
    assert result.jobs["b"] == "skipped"


def test_only_chosen_stages_run_and_what_lies_between_is_stepped_over(tmp_path: Path) -> None:
    result = run(tmp_path, """
        stages:
        - {stage: one, jobs: [{job: a, steps: [{bash: echo one}]}]}
        - {stage: two, jobs: [{job: b, steps: [{bash: echo two}]}]}
        - {stage: three, jobs: [{job: c, steps: [{bash: echo three}]}]}
        """, stages=["ONE", "three"])
    assert lines(result) == ["one", "three"]
    assert result.stages == {"one": "succeeded", "two": "skipped", "three": "succeeded"}


@pytest.mark.parametrize("none", ["[]", "''", "['', '']"])
def test_a_stage_may_depend_on_nothing(tmp_path: Path, none: str) -> None:
    result = run(tmp_path, f"""
        stages:
        - {{stage: one, jobs: [{{job: a, steps: [{{bash: exit 1}}]}}]}}
        - {{stage: two, dependsOn: {none}, jobs: [{{job: b, steps: [{{bash: "true"}}]}}]}}
        """)
    assert result.stages["two"] == "succeeded"


NAMED = """
    jobs:
    - {job: a, condition: false, steps: []}
    - {job: b, steps: [{bash: exit 1}]}
    - {job: c, dependsOn: [a, b], condition: CONDITION, steps: []}
    """
AFTER_A_FAILED_AND_A_SKIPPED_JOB = [
    ("succeeded()", "skipped"), ("failed()", "succeeded"), ("failed('B')", "succeeded"), ("failed('a')", "skipped"),
    ("failed('nosuch')", "skipped"), ("succeededOrFailed()", "succeeded"), ("succeededOrFailed('a')", "skipped"),
    ("not(succeeded('nosuch'))", "succeeded"), ("not(canceled())", "succeeded"), ("always()", "succeeded"),
    ("eq(dependencies.a.result, 'Skipped')", "succeeded"), ("eq(dependencies.nosuch.result, '')", "succeeded"),
    ("in(dependencies.b.result, 'Succeeded', 'Skipped')", "skipped"),
]


@pytest.mark.parametrize(("condition", "result"), AFTER_A_FAILED_AND_A_SKIPPED_JOB)
def test_a_job_knows_how_each_dependency_ended(tmp_path: Path, condition: str, result: str) -> None:
    assert run(tmp_path, NAMED.replace("CONDITION", f'"{condition}"')).jobs["c"] == result


def test_what_happened_further_back_counts_too(tmp_path: Path) -> None:
    result = run(tmp_path, """
        stages:
        - {stage: one, jobs: [{job: a, steps: [{bash: exit 1}]}]}
        - {stage: two, jobs: [{job: b, steps: []}]}
        - {stage: three, condition: failed(), jobs: [{job: c, steps: []}]}
        - {stage: four, dependsOn: three, jobs: [{job: d, steps: []}]}
        - {stage: five, dependsOn: three, condition: succeeded('three'), jobs: [{job: e, steps: []}]}
        """)
    assert list(result.stages.values()) == ["failed", "skipped", "succeeded", "skipped", "succeeded"]


ROOT_VALUES = [("eq(variables.isMain, true)", True), ("eq(variables['ISMAIN'], 'true')", True),
               ("variables.isMain", True), ("not(variables.isMain)", False), ("eq(variables.nosuch, true)", False)]


@pytest.mark.parametrize(("condition", "runs"), ROOT_VALUES)
def test_a_stage_condition_reads_runtime_values_of_the_root(tmp_path: Path, condition: str, runs: bool) -> None:
    result = run(tmp_path, f"""
        variables: {{isMain: "$[eq(variables['Build.SourceBranch'], 'refs/heads/main')]"}}
        stages: [{{stage: one, condition: "{condition}", jobs: [{{job: a, steps: []}}]}}]
        """)
    assert result.stages == {"one": "succeeded" if runs else "skipped"}
