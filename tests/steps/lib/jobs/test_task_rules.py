from __future__ import annotations

from typing import Any

import pytest

from steps.lib.jobs.task_rules import task_findings
from tests.steps.lib.jobs.job_files import job, tasks


def after(key: str, *others: str) -> dict[str, Any]:
    return {"task_key": key, "depends_on": [{"task_key": other} for other in others]}


def problems(*rows: dict[str, Any], **fields: Any) -> list[str]:
    found = task_findings(job(**tasks(*rows), **fields))
    return [f"{finding.path.removeprefix('jobs[0].')}: {finding.problem}" for finding in found]


@pytest.mark.parametrize("rows", [
    pytest.param([after("a"), after("b", "a"), after("c", "a", "b")], id="diamond"),
    pytest.param([after("b", "a"), after("a")], id="written-in-another-order"),
    pytest.param([after("a"), *(after(f"t{number}", "a") for number in range(999))], id="thousand-wide"),
    pytest.param([after("t0"), *(after(f"t{number}", f"t{number - 1}") for number in range(1, 1000))],
                 id="thousand-deep"),
])
def test_a_graph_without_a_circle_is_fine(rows: list[dict[str, Any]]) -> None:
    assert problems(*rows) == []


@pytest.mark.parametrize(("rows", "circle", "place"), [
    pytest.param([after("a", "a")], "a -> a", 0, id="itself"),
    pytest.param([after("a", "b"), after("b", "a")], "a -> b -> a", 0, id="two"),
    pytest.param([after("x"), after("a", "c"), after("b", "a"), after("c", "b")], "a -> c -> b -> a", 1, id="three"),
])
def test_a_circle_is_named(rows: list[dict[str, Any]], circle: str, place: int) -> None:
    [problem] = problems(*rows)
    start, _, rest = problem.partition("tasks wait for each other, ")
    assert start == f"tasks[{place}].depends_on: "
    named, _, way_out = rest.partition(", ")
    assert set(zip(named.split(" -> "), named.split(" -> ")[1:], strict=False)) == set(
        zip(circle.split(" -> "), circle.split(" -> ")[1:], strict=False))
    assert way_out == "expected an order; remove one of the dependencies"


def test_a_circle_is_seen_through_a_key_that_is_there_twice() -> None:
    found = problems(after("a", "b"), after("b", "a"), after("b"))
    assert [problem.partition(":")[0] for problem in found] == ["tasks[2].task_key", "tasks[0].depends_on"]


def test_a_long_circle_is_cut() -> None:
    rows = [after(f"t{number}", f"t{(number + 1) % 500}") for number in range(500)]
    [problem] = problems(*rows)
    assert " -> ... -> " in problem
    assert len(problem) < 250


def test_an_unknown_dependency_is_told_with_the_nearest() -> None:
    [problem] = problems(after("prepare"), after("train", "prepair"))
    assert problem == ("tasks[1].depends_on[0].task_key: 'prepair' is no task of this job, expected one of them; "
                       "did you mean 'prepare'?")


def test_a_key_that_is_there_twice_is_told_with_the_first_line() -> None:
    [problem] = problems(after("a"), after("b"), after("a"))
    assert problem.startswith("tasks[2].task_key: 'a' is a task already, in line ")


def test_a_smoke_test_of_a_task_that_is_not_there_is_told() -> None:
    assert problems(after("train"), smoke_test={"tasks": ["train", "trian"]}) == [
        "smoke_test.tasks[1]: 'trian' is no task of this job, expected one of them; did you mean 'train'?"]


def test_a_smoke_test_may_name_the_notebook_of_a_job_without_tasks() -> None:
    assert task_findings(job(smoke_test={"tasks": ["train"]})) == []


@pytest.mark.parametrize(("task", "problem"), [
    ({"notebook": "a", "parameters": ["x"]}, "got a list, expected names and values for a notebook"),
    ({"python_file": "a.py", "parameters": {"x": "1"}}, "got an object, expected a list of texts for a Python file"),
], ids=["notebook", "python-file"])
def test_parameters_of_the_wrong_kind_are_told(task: dict[str, Any], problem: str) -> None:
    assert problems({"task_key": "a", **task}) == [f"tasks[0].parameters: {problem}"]


@pytest.mark.parametrize("parameters", [["x"], {"x": "1"}], ids=["list", "names"])
def test_a_wheel_takes_parameters_of_both_kinds(parameters: Any) -> None:
    assert problems({"task_key": "a", "wheel": {}, "parameters": parameters}) == []


def test_tasks_the_schema_took_apart_are_not_judged_by_their_keys() -> None:
    assert task_findings(job(name="x", tasks=[None, after("a", "gone"), {"notebook": "n"}, {"notebook": "m"}])) == []
