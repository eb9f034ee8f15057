"""Tasks that decide about other work: conditions and loops."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.delays import Delays
from sandbox.databricks.runs.conditions import branch
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import create_job, refusal, task
from tests.sandbox.databricks.runs.driving import finish, life, look, output, results, start, start_new


def condition(key: str = "check", left: str = "1", right: str = "1", op: str = "EQUAL_TO") -> dict[str, Any]:
    return {"task_key": key, "condition_task": {"op": op, "left": left, "right": right}}


def after(key: str, outcome: str) -> dict[str, Any]:
    return task(key, depends_on=[{"task_key": "check", "outcome": outcome}])


def loop(inputs: str, concurrency: int = 1, **changes: Any) -> dict[str, Any]:
    body = {"inputs": inputs, "task": task("each", **changes), "concurrency": concurrency}
    return {"task_key": "loop", "for_each_task": body}


def iterations(client: Client, run_id: int) -> list[dict[str, Any]]:
    rows = look(client, look(client, run_id)["tasks"][0]["run_id"])["iterations"]
    return list(rows)


@pytest.mark.parametrize(("op", "left", "right", "result"), [
    ("EQUAL_TO", "a", "a", "true"), ("EQUAL_TO", "12.0", "12", "false"), ("NOT_EQUAL", "a", "b", "true"),
    ("GREATER_THAN", "10", "9", "true"), ("GREATER_THAN_OR_EQUAL", "12.0", "12", "true"),
    ("LESS_THAN", "10", "9", "false"), ("LESS_THAN_OR_EQUAL", "9", "9", "true"),
])
def test_branch(op: str, left: str, right: str, result: str) -> None:
    assert branch(op, left, right) == result


@pytest.mark.parametrize(("left", "taken", "left_out"), [("1", "yes", "no"), ("2", "no", "yes")])
def test_condition_lets_one_branch_run(admin: Client, left: str, taken: str, left_out: str) -> None:
    tasks = [condition(left=left), after("yes", "true"), after("no", "false"), task("end", left_out)]
    run = finish(admin, start_new(admin, tasks=tasks))
    assert results(run) == {"check": "SUCCESS", taken: "SUCCESS", left_out: "EXCLUDED", "end": "EXCLUDED"}
    assert run["state"]["result_state"] == "SUCCESS"
    assert run["tasks"][0]["condition_task"] == {
        **condition(left=left)["condition_task"], "outcome": "true" if left == "1" else "false"}


def test_task_of_the_other_branch_is_left_out_though_it_runs_whatever_came_before(admin: Client) -> None:
    tasks = [condition(), {**after("no", "false"), "run_if": "ALL_DONE"}]
    assert results(finish(admin, start_new(admin, tasks=tasks))) == {"check": "SUCCESS", "no": "EXCLUDED"}


def test_task_after_a_condition_runs_whatever_it_came_to(admin: Client) -> None:
    run = finish(admin, start_new(admin, tasks=[condition(left="2"), task("any", "check")]))
    assert results(run) == {"check": "SUCCESS", "any": "SUCCESS"}


def test_condition_reads_parameters(admin: Client) -> None:
    job_id = create_job(admin, tasks=[condition(left="{{job.parameters.day}}", right="friday"), after("yes", "true")],
                        parameters=[{"name": "day", "default": "monday"}])
    assert results(finish(admin, start(admin, job_id)))["yes"] == "EXCLUDED"
    assert results(finish(admin, start(admin, job_id, job_parameters={"day": "friday"})))["yes"] == "SUCCESS"


def test_condition_that_cannot_compare_fails(admin: Client) -> None:
    run = finish(admin, start_new(admin, tasks=[condition(left="many", op="LESS_THAN"), after("yes", "true")]))
    assert results(run) == {"check": "FAILED", "yes": "UPSTREAM_FAILED"}
    assert "'many' is not a number" in output(admin, run["tasks"][0]["run_id"])["error"]


@pytest.mark.parametrize(("left", "right"), [("NaN", "1"), ("1", "nan")])
def test_what_is_no_number_is_not_compared(left: str, right: str) -> None:
    with pytest.raises(ValueError, match="cannot be compared"):
        branch("LESS_THAN", left, right)


@pytest.mark.parametrize("control", [condition("broken"), {**loop("[1]"), "task_key": "broken"}],
                         ids=["condition", "loop"])
def test_failure_of_a_deciding_task_can_be_injected(
        workspace: Workspace, admin: Client, control: dict[str, Any]) -> None:
    """E7: the exception of any kind of task."""
    workspace.fail_next_task("no luck", task_key="broken")
    run = finish(admin, start_new(admin, tasks=[control]))
    assert (results(run), output(admin, run["tasks"][0]["run_id"])["error"]) == ({"broken": "FAILED"}, "no luck")


def test_loop_runs_its_task_for_each_input(admin: Client) -> None:
    run = finish(admin, start_new(admin, tasks=[loop('["a", {"b": 1}, 3]', 2), task("end", "loop")]))
    assert results(run) == {"loop": "SUCCESS", "end": "SUCCESS"}
    rows = iterations(admin, run["run_id"])
    assert [(row["task_key"], row["state"]["result_state"]) for row in rows] == [("each", "SUCCESS")] * 3
    assert len({row["run_id"] for row in rows}) == 3
    assert look(admin, rows[0]["run_id"])["state"]["result_state"] == "SUCCESS"


@pytest.mark.parametrize("concurrency", [1, 2])
def test_loop_runs_no_more_at_once_than_it_may(admin: Client, concurrency: int) -> None:
    run_id = start_new(admin, tasks=[loop("[1, 2, 3]", concurrency)])
    most = 0
    for _ in range(30):
        rows = look(admin, look(admin, run_id)["tasks"][0]["run_id"]).get("iterations", [])
        most = max(most, sum(row["state"]["life_cycle_state"] in {"PENDING", "RUNNING"} for row in rows))
    assert most == concurrency
    assert look(admin, run_id)["state"]["result_state"] == "SUCCESS"


def test_loop_counts_what_became_of_its_iterations(workspace: Workspace, admin: Client) -> None:
    workspace.fail_next_task("broken", task_key="each")
    run = finish(admin, start_new(admin, tasks=[loop("[1, 2]")]))
    assert results(run) == {"loop": "FAILED"}
    assert run["tasks"][0]["for_each_task"]["stats"]["task_run_stats"] == {
        "active_iterations": 0, "completed_iterations": 2, "failed_iterations": 1, "scheduled_iterations": 2,
        "succeeded_iterations": 1, "total_iterations": 2}


def test_loop_tells_how_far_it_has_come(workspace: Workspace, admin: Client) -> None:
    workspace.set_delays(Delays(run_task=100))
    run_id = start_new(admin, tasks=[loop("[1, 2, 3]", 2), {**loop("[]"), "task_key": "b", "depends_on": [
        {"task_key": "loop"}]}])
    shown, waiting = (row["for_each_task"] for row in [look(admin, run_id) for _ in range(4)][-1]["tasks"])
    assert shown["stats"]["task_run_stats"] == {
        "active_iterations": 2, "completed_iterations": 0, "failed_iterations": 0, "scheduled_iterations": 2,
        "succeeded_iterations": 0, "total_iterations": 3}
    assert (shown["inputs"], shown["concurrency"], "stats" in waiting) == ("[1, 2, 3]", 2, False)


def test_iteration_is_tried_again(workspace: Workspace, admin: Client) -> None:
    workspace.fail_next_task("flaky", task_key="each")
    run = finish(admin, start_new(admin, tasks=[loop("[1, 2]", max_retries=1)]))
    assert results(run) == {"loop": "SUCCESS"}
    assert [row["attempt_number"] for row in iterations(admin, run["run_id"])] == [1, 0]


@pytest.mark.parametrize("inputs", ["{}", "[1", "{{tasks.a.values.b}}"])
def test_loop_over_anything_but_a_list_fails(admin: Client, inputs: str) -> None:
    run = finish(admin, start_new(admin, tasks=[loop(inputs)]))
    assert "must be a JSON array" in output(admin, run["tasks"][0]["run_id"])["error"]


def test_loop_over_nothing_is_done_at_once(admin: Client) -> None:
    assert results(finish(admin, start_new(admin, tasks=[loop("[]")]))) == {"loop": "SUCCESS"}


def test_cancel_ends_all_iterations(admin: Client) -> None:
    run_id = start_new(admin, tasks=[loop("[1, 2]")])
    life(admin, run_id)
    life(admin, run_id)
    admin.post("2.2/jobs/runs/cancel", run_id=run_id)
    finish(admin, run_id)
    assert [row["state"]["result_state"] for row in iterations(admin, run_id)] == ["CANCELED"] * 2


def test_loop_that_takes_too_long_ends_with_its_iterations_but_those_that_were_over(
        workspace: Workspace, admin: Client, clock: FakeClock) -> None:
    workspace.set_delays(Delays(run_task=30))
    run_id = start_new(admin, tasks=[{**loop("[1, 2, 3]"), "timeout_seconds": 50}])
    for _ in range(4):
        life(admin, run_id)
    clock.advance(50)
    assert results(finish(admin, run_id)) == {"loop": "TIMEDOUT"}
    assert [row["state"]["result_state"] for row in iterations(admin, run_id)] == [
        "SUCCESS", "TIMEDOUT", "TIMEDOUT"]


def test_iterations_beyond_a_hundred_are_paged(admin: Client) -> None:
    run_id = start_new(admin, tasks=[loop(str(list(range(150))))])
    life(admin, run_id)
    loop_id = look(admin, run_id)["tasks"][0]["run_id"]
    first = look(admin, loop_id)
    rest = admin.get("2.2/jobs/runs/get", run_id=str(loop_id), page_token=first["next_page_token"]).body
    assert (len(first["iterations"]), len(rest["iterations"])) == (100, 50)


@pytest.mark.parametrize(("body", "words"), [
    ({"condition_task": {"op": "EQUAL_TO", "left": "1"}}, "settings.tasks.condition_task.right"),
    ({"condition_task": {"op": "EQUAL_TO", "right": "1"}}, "settings.tasks.condition_task.left"),
    ({"condition_task": {"left": "1", "right": "1"}}, "settings.tasks.condition_task.op"),
    ({"run_job_task": {}}, "settings.tasks.run_job_task.job_id"),
    ({"for_each_task": {"task": task("each")}}, "settings.tasks.for_each_task.inputs"),
    ({"for_each_task": {"inputs": "[]"}}, "settings.tasks.for_each_task.task"),
    ({"for_each_task": {**loop("[]")["for_each_task"], "concurrency": 101}}, "concurrency"),
    ({"for_each_task": {**loop("[]")["for_each_task"], "concurrency": 0}}, "concurrency"),
    ({"for_each_task": {"inputs": "[]", "task": loop("[]")}}, "for_each_task"),
    ({"for_each_task": {"inputs": "[]", "task": task("each", new_cluster=None)}}, "One of job_cluster_key"),
    ({"for_each_task": {"inputs": "[]", "task": task("")}}, "task_key"),
    ({"for_each_task": {"inputs": "[]", "task": {"notebook_task": {"notebook_path": "/x"}}}}, "task_key ''"),
], ids=["right", "left", "operator", "job", "inputs", "task", "too many at once", "none at once", "loop in a loop",
        "compute", "key", "no key"])
def test_unfinished_task_is_refused(admin: Client, body: dict[str, Any], words: str) -> None:
    assert words in refusal(admin, tasks=[{"task_key": "a", **body}])
