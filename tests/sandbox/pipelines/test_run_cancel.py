"""What still runs when a run is canceled while its first step works."""
from __future__ import annotations

from pathlib import Path

import pytest

from tests.sandbox.pipelines.running import Canceler, lines, run

BRANCH = "eq(variables['Build.SourceBranch'], 'refs/heads/main')"
AFTER_CANCEL = [
    pytest.param("", False, id="default"),
    pytest.param(BRANCH, True, id="own condition"),
    pytest.param(f"and(succeeded(), {BRANCH})", False, id="with succeeded"),
    pytest.param("always()", True, id="always"),
]


@pytest.mark.parametrize(("condition", "runs"), AFTER_CANCEL)
@pytest.mark.parametrize("unit", ["stage", "job", "step"])
def test_after_a_cancel_only_conditions_that_hold_start_anything(
    tmp_path: Path, unit: str, condition: str, runs: bool
) -> None:
    own = {name: f'condition: "{condition}"' if name == unit and condition else "" for name in ("stage", "job", "step")}
    late = f"{{bash: echo late, {own['step']}}}" if own["step"] else "{bash: echo late}"
    after = {
        "step": ("", f", {late}"),
        "job": (f"- {{job: b, dependsOn: a, steps: [{late}], {own['job']}}}", ""),
        "stage": ("", ""),
    }[unit]
    second = f"- {{stage: two, jobs: [{{job: c, steps: [{late}]}}], {own['stage']}}}" if unit == "stage" else ""
    canceler = Canceler()
    result = run(tmp_path, f"""
        stages:
        - stage: one
          jobs:
          - job: a
            steps: [{{bash: echo cancel; sleep 30}}{after[1]}]
          {after[0]}
        {second}
        """, listener=canceler, cancelled=canceler.event)
    assert result.result == "canceled"
    assert ("late" in lines(result)) is runs


def test_a_step_that_wants_to_outlive_a_cancel_is_left_alone(tmp_path: Path) -> None:
    canceler = Canceler()
    result = run(tmp_path, """
        steps:
        - {bash: echo cancel; sleep 0.2; echo finished, condition: always()}
        """, listener=canceler, cancelled=canceler.event)
    assert "finished" in lines(result)
    assert result.result == "canceled"


ONE = "stages: [{stage: one, jobs: [{job: a, steps: [{bash: echo cancel; sleep 30}]}]}, "
INNER = [
    pytest.param(ONE + "{stage: two, jobs: [{job: b, condition: COND, steps: [{bash: echo late}]}]}]",
                 id="job of a stage with the default"),
    pytest.param(ONE + "{stage: two, jobs: [{job: b, steps: [{bash: echo late, condition: COND}]}]}]",
                 id="step of a stage with the default"),
    pytest.param("jobs: [{job: a, steps: [{bash: echo cancel; sleep 30}]}, "
                 "{job: b, dependsOn: a, steps: [{bash: echo late, condition: COND}]}]",
                 id="step of a job with the default"),
]


@pytest.mark.parametrize("text", INNER)
def test_after_a_cancel_no_condition_further_in_starts_what_is_around_it(tmp_path: Path, text: str) -> None:
    canceler = Canceler()
    result = run(tmp_path, text.replace("COND", f'"{BRANCH}"'), listener=canceler, cancelled=canceler.event)
    assert result.result == "canceled"
    assert "late" not in lines(result)


GRAPHS = {
    "stages": "stages: [{stage: quick, jobs: [{job: q, steps: []}]}, "
              "{stage: one, jobs: [{job: a, steps: [{bash: echo cancel; sleep 30}]}]}, "
              "{stage: two, dependsOn: [quick, one], condition: COND, jobs: [{job: b, steps: [{bash: echo late}]}]}]",
    "jobs": "jobs: [{job: quick, steps: []}, {job: a, dependsOn: quick, steps: [{bash: echo cancel; sleep 30}]}, "
            "{job: b, dependsOn: [quick, a], condition: COND, steps: [{bash: echo late}]}]",
}
CONDITIONS = [("succeededOrFailed()", False), ("succeeded('quick')", False), ("not(canceled())", False),
              ("canceled()", True), ("not(failed())", True)]


@pytest.mark.parametrize("units", GRAPHS)
@pytest.mark.parametrize(("condition", "runs"), CONDITIONS)
def test_a_good_dependency_does_not_outweigh_a_cancel(tmp_path: Path, units: str, condition: str, runs: bool) -> None:
    canceler = Canceler()
    text = GRAPHS[units].replace("COND", f'"{condition}"')
    result = run(tmp_path, text, listener=canceler, cancelled=canceler.event)
    assert ("late" in lines(result)) is runs
