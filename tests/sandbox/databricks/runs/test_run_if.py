"""When a task runs though, or because, something before it failed; what the run makes of it."""
from __future__ import annotations

import pytest

from sandbox.databricks.runs.outcomes import skipped_for
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import task
from tests.sandbox.databricks.runs.driving import finish, results, start_new


@pytest.mark.parametrize(("run_if", "before", "result"), [
    ("ALL_SUCCESS", "SS", ""), ("ALL_SUCCESS", "SF", "UPSTREAM_FAILED"), ("ALL_SUCCESS", "SC", "UPSTREAM_CANCELED"),
    ("ALL_SUCCESS", "SE", "EXCLUDED"), ("ALL_SUCCESS", "", ""), ("ALL_SUCCESS", "ST", "UPSTREAM_FAILED"),
    ("ALL_SUCCESS", "SV", "UPSTREAM_CANCELED"), ("ALL_SUCCESS", "TC", "UPSTREAM_FAILED"),
    ("AT_LEAST_ONE_SUCCESS", "SF", ""), ("AT_LEAST_ONE_SUCCESS", "FF", "UPSTREAM_FAILED"),
    ("NONE_FAILED", "SE", ""), ("NONE_FAILED", "SF", "UPSTREAM_FAILED"), ("NONE_FAILED", "EE", "EXCLUDED"),
    ("NONE_FAILED", "SC", "UPSTREAM_CANCELED"), ("AT_LEAST_ONE_FAILED", "ST", ""),
    ("AT_LEAST_ONE_FAILED", "SC", "EXCLUDED"),
    ("ALL_DONE", "FC", ""), ("ALL_DONE", "UU", ""), ("ALL_DONE", "EE", "EXCLUDED"), ("ALL_DONE", "SE", ""),
    ("ALL_DONE", "", ""),
    ("AT_LEAST_ONE_FAILED", "SF", ""), ("AT_LEAST_ONE_FAILED", "SS", "EXCLUDED"), ("AT_LEAST_ONE_FAILED", "SU", ""),
    ("ALL_FAILED", "FF", ""), ("ALL_FAILED", "SF", "EXCLUDED"), ("ALL_FAILED", "", "EXCLUDED"), ("ALL_FAILED", "F", ""),
    ("NONE_FAILED", "DE", "EXCLUDED"), ("NONE_FAILED", "", ""),
])
def test_condition(run_if: str, before: str, result: str) -> None:
    words = {"S": "SUCCESS", "F": "FAILED", "C": "CANCELED", "E": "EXCLUDED", "U": "UPSTREAM_FAILED",
             "T": "TIMEDOUT", "V": "UPSTREAM_CANCELED", "D": "DISABLED"}
    outcome = skipped_for({"run_if": run_if}, [words[letter] for letter in before])
    assert (outcome.result if outcome else "") == result


def test_task_after_a_failed_one_does_not_run(workspace: Workspace, admin: Client) -> None:
    workspace.fail_next_task("broken", task_key="a")
    run = finish(admin, start_new(admin, tasks=[task("a"), task("b", "a"), task("c", "b")]))
    assert results(run) == {"a": "FAILED", "b": "UPSTREAM_FAILED", "c": "UPSTREAM_FAILED"}
    assert run["state"]["state_message"] == (
        "Task a failed with message: Workload failed, see run output for details. "
        "This caused all downstream tasks to get skipped.")
    details = run["tasks"][1]["status"]["termination_details"]
    assert (details["code"], details["type"]) == ("SKIPPED", "CLIENT_ERROR")


def test_run_names_the_task_that_failed_and_not_its_victims(workspace: Workspace, admin: Client) -> None:
    workspace.fail_next_task("broken", task_key="b")
    run = finish(admin, start_new(admin, tasks=[task("a"), task("c", "b"), task("b")]))
    assert run["state"]["state_message"].startswith("Task b failed")


def test_run_whose_culprit_alone_was_repaired_names_the_victim(workspace: Workspace, admin: Client) -> None:
    workspace.fail_next_task("broken", task_key="a")
    run = finish(admin, start_new(admin, tasks=[task("a"), task("b", "a")]))
    admin.post("2.2/jobs/runs/repair", run_id=run["run_id"], rerun_tasks=["a"])
    repaired = finish(admin, run["run_id"])
    assert results(repaired) == {"a": "SUCCESS", "b": "UPSTREAM_FAILED"}
    assert repaired["state"]["state_message"].startswith("Task b failed")


def test_failure_that_a_later_task_makes_good_does_not_fail_the_run(workspace: Workspace, admin: Client) -> None:
    workspace.fail_next_task("broken", task_key="a")
    run = finish(admin, start_new(admin, tasks=[task("a"), task("b", "a", run_if="ALL_DONE")]))
    assert results(run) == {"a": "FAILED", "b": "SUCCESS"}
    assert (run["state"]["life_cycle_state"], run["state"]["result_state"]) == ("TERMINATED", "SUCCESS_WITH_FAILURES")


def test_task_for_failures_is_excluded_when_there_is_none(admin: Client) -> None:
    run = finish(admin, start_new(admin, tasks=[task("a"), task("b", "a", run_if="AT_LEAST_ONE_FAILED")]))
    assert results(run) == {"a": "SUCCESS", "b": "EXCLUDED"}
    assert run["tasks"][1]["status"]["termination_details"]["type"] == "SUCCESS"
    assert run["state"]["result_state"] == "SUCCESS"


def test_disabled_task_does_not_run_and_does_no_harm(admin: Client) -> None:
    run = finish(admin, start_new(admin, tasks=[task("a"), task("b", disabled=True), task("c", "a")]))
    assert results(run) == {"a": "SUCCESS", "b": "DISABLED", "c": "SUCCESS"}
    assert run["tasks"][1]["status"]["termination_details"]["code"] == "DISABLED"
    assert run["state"]["result_state"] == "SUCCESS"


def test_tasks_that_do_not_depend_on_the_failed_one_go_on(workspace: Workspace, admin: Client) -> None:
    workspace.fail_next_task("broken", task_key="a")
    run = finish(admin, start_new(admin, tasks=[task("a"), task("b"), task("c", "b")]))
    assert results(run) == {"a": "FAILED", "b": "SUCCESS", "c": "SUCCESS"}
    assert run["state"]["result_state"] == "FAILED"
