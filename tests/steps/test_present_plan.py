from __future__ import annotations

from pathlib import Path

import pytest

from steps import present_plan
from steps.lib import agent
from steps.lib.deployment.step_plan import StepPlan


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    for step, lines in (("create_or_edit_jobs", ("create: job a|b", "  timeout_seconds: 60", "unchanged: job c")),
                        ("set_job_permissions", ("edit: permissions of job a|b (to be created)",))):
        StepPlan(step, "https://h.test", "17", "c0ffee", lines, {}).write(tmp_path)
    return {"PLAN_NAME": "prod", "GENERATED_DIRECTORY": str(tmp_path), "JOB_ATTEMPT": "2"}


def test_the_outputs_name_the_artifact_and_count_the_changes(environ: dict[str, str],
                                                             capsys: pytest.CaptureFixture[str]) -> None:
    assert agent.run(present_plan.step, environ) == 0
    out = capsys.readouterr().out
    assert "variable=artifact;isOutput=true]plan_prod_2" in out
    assert "variable=changes;isOutput=true]2" in out


def test_the_page_has_a_row_for_each_step(environ: dict[str, str], tmp_path: Path) -> None:
    agent.run(present_plan.step, environ)
    page = (tmp_path / "summary/present_plan.md").read_text()
    assert "## Plan for prod: 2 changes" in page
    assert "| ` create_or_edit_jobs ` | 1 | ` create: job a/b `<br>` unchanged: job c ` |" in page


def test_without_plans_there_is_nothing_to_approve(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    environ = {"PLAN_NAME": "dev", "GENERATED_DIRECTORY": str(tmp_path), "JOB_ATTEMPT": "1"}
    assert agent.run(present_plan.step, environ) == 2
    assert "plans: has no plan" in capsys.readouterr().out


def test_the_digest_does_not_depend_on_the_order_of_steps() -> None:
    plans = [StepPlan(name, "h", "1", "c", (), {}) for name in ("a", "b")]
    assert present_plan.digest_of(plans) == present_plan.digest_of(plans[::-1])
