from __future__ import annotations

from typing import Any

import pytest

from steps.lib.smoke.smoke_result import TaskResult, Verdict, has_run, latest_attempts, problem_of


def task(result: str, life: str = "TERMINATED", **more: Any) -> dict[str, Any]:
    state = {"life_cycle_state": life, "result_state": result, "state_message": "said"}
    return {"task_key": "t", "state": state, **more}


@pytest.mark.parametrize(("result", "life", "verdict"), [
    ("SUCCESS", "TERMINATED", Verdict.PASSED), ("SUCCESS_WITH_FAILURES", "TERMINATED", Verdict.PASSED),
    ("FAILED", "TERMINATED", Verdict.FAILED), ("FAILED", "INTERNAL_ERROR", Verdict.FAILED),
    ("TIMEDOUT", "TERMINATED", Verdict.FAILED), ("CANCELED", "TERMINATED", Verdict.FAILED),
    ("EXCLUDED", "SKIPPED", Verdict.SKIPPED), ("UPSTREAM_FAILED", "SKIPPED", Verdict.SKIPPED),
    ("", "SKIPPED", Verdict.SKIPPED), ("", "RUNNING", Verdict.FAILED), ("NEW_STATE", "TERMINATED", Verdict.FAILED),
])
def test_verdict_follows_the_state(result: str, life: str, verdict: Verdict) -> None:
    assert TaskResult.of(task(result, life), {}).verdict is verdict


def test_error_of_the_notebook_comes_before_the_message_of_the_service() -> None:
    assert TaskResult.of(task("FAILED"), {"error": "ValueError: x"}).error == "ValueError: x"
    assert TaskResult.of(task("FAILED"), {}).error == "said"


@pytest.mark.parametrize(("blame", "ours"), [("CLIENT_ERROR", True), ("CLOUD_FAILURE", False), (None, True)])
def test_fault_of_the_service_is_not_ours(blame: str | None, ours: bool) -> None:
    details = {"termination_details": {"type": blame}} if blame else {}
    assert TaskResult.of(task("FAILED", status=details), {}).is_ours is ours


def test_last_attempt_counts() -> None:
    run = {"tasks": [task("SUCCESS", attempt_number=1), task("FAILED", attempt_number=0)]}
    assert [TaskResult.of(one, {}).verdict for one in latest_attempts(run)] == [Verdict.PASSED]


@pytest.mark.parametrize(("life", "result", "problem"), [
    ("TERMINATED", "SUCCESS", ""), ("SKIPPED", "", "the run ended in SKIPPED: no reason given"),
    ("INTERNAL_ERROR", "FAILED", "the run ended in FAILED: no reason given"),
])
def test_run_without_failed_tasks_may_still_be_a_failure(life: str, result: str, problem: str) -> None:
    assert problem_of({"state": {"life_cycle_state": life, "result_state": result}}, []) == problem


def test_failed_task_is_problem_enough() -> None:
    run = {"state": {"life_cycle_state": "INTERNAL_ERROR", "result_state": "FAILED"}}
    assert problem_of(run, [TaskResult.of(task("FAILED"), {})]) == ""


def test_only_what_ran_has_an_output() -> None:
    assert [has_run(one) for one in (task("FAILED"), task("EXCLUDED", "SKIPPED"), task("", "RUNNING"))] == [
        True, False, False]
