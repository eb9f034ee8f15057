"""What a notebook runner is given, and what becomes of its answer."""
from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from sandbox.databricks.notebooks.task import NotebookResult, NotebookTask
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import create_job, task
from tests.sandbox.databricks.runs.driving import OVER, look, output, results, start, start_new

GOOD = NotebookResult(succeeded=True, exit_value="42", output="hello")
SCRIPT = {"notebook_task": None, "spark_python_task": {"python_file": "/x.py", "parameters": ["a", "{{job.name}}"]}}
WHEEL: dict[str, Any] = {"notebook_task": None, "python_wheel_task": {
    "package_name": "our_lib", "entry_point": "main", "named_parameters": {"day": "monday"}}}
JAR: dict[str, Any] = {"notebook_task": None, "spark_jar_task": {"main_class_name": "a.B"}}


@dataclass
class Recorder:
    """A runner that notes what it is given and answers as told."""

    answer: Callable[[NotebookTask, threading.Event], NotebookResult] = lambda _task, _stop: GOOD
    given: list[NotebookTask] = field(default_factory=list)

    def run(self, task: NotebookTask, stop: threading.Event) -> NotebookResult:
        self.given.append(task)
        return self.answer(task, stop)


@pytest.fixture
def runner(workspace: Workspace) -> Recorder:
    recorder = Recorder()
    workspace.state.runner = recorder
    return recorder


def wait(client: Client, run_id: int, seconds: float = 60.0) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        run = look(client, run_id)
        if run["state"]["life_cycle_state"] in OVER:
            return run
        time.sleep(0.002)
    raise AssertionError(run["state"])


def failing(_task: NotebookTask, _stop: threading.Event) -> NotebookResult:
    return NotebookResult(succeeded=False, error="ValueError: no data", error_trace="Traceback ...")


def until_stopped(_task: NotebookTask, stop: threading.Event) -> NotebookResult:
    assert stop.wait(60)
    return NotebookResult(succeeded=False, error="stopped")


def test_exit_value_is_the_output_of_the_task_run(runner: Recorder, admin: Client) -> None:
    run = wait(admin, start_new(admin))
    assert output(admin, run["tasks"][0]["run_id"])["notebook_output"] == {"result": "42", "truncated": False}
    assert [(given.path, given.kind, given.run_as) for given in runner.given] == [
        ("/Repos/dev/churn/train", "notebook", "admin@example.test")]


@pytest.mark.parametrize(("work", "kind", "path", "parameters"), [
    (SCRIPT, "python_file", "/x.py", {"0": "a", "1": "churn"}), (WHEEL, "wheel", "our_lib:main", {"day": "monday"}),
], ids=["script", "wheel"])
def test_programs_are_given_their_arguments(
        runner: Recorder, admin: Client, work: dict[str, Any], kind: str, path: str,
        parameters: dict[str, str]) -> None:
    run = wait(admin, start_new(admin, tasks=[task(**work)]))
    given = runner.given[0]
    assert (given.kind, given.path, given.parameters) == (kind, path, parameters)
    assert output(admin, run["tasks"][0]["run_id"])["logs"] == "hello"


def test_notebook_runs_as_the_job_says(workspace: Workspace, runner: Recorder, admin: Client) -> None:
    workspace.add_user("anna@example.test")
    wait(admin, start_new(admin, run_as={"user_name": "anna@example.test"}))
    assert runner.given[0].run_as == "anna@example.test"


def test_parameters_of_the_request_replace_those_of_the_task(runner: Recorder, admin: Client) -> None:
    notebook = {"notebook_path": "/x", "base_parameters": {"a": "task", "b": "task"}}
    job_id = create_job(admin, tasks=[task(notebook_task=notebook)])
    wait(admin, start(admin, job_id, notebook_params={"b": "request", "c": "request"}))
    assert runner.given[0].parameters == {"a": "task", "b": "request", "c": "request"}


@pytest.mark.parametrize(("of_job", "asked", "day"), [
    ({}, {"python_named_params": {"day": "request"}}, "request"),
    ({"parameters": [{"name": "day", "default": "job"}]}, {}, "job"),
], ids=["request", "job"])
def test_named_arguments_of_a_wheel_are_replaced(
        runner: Recorder, admin: Client, of_job: dict[str, Any], asked: dict[str, Any], day: str) -> None:
    wait(admin, start(admin, create_job(admin, tasks=[task(**WHEEL)], **of_job), **asked))
    assert runner.given[0].parameters == {"day": day}


def test_job_parameters_reach_every_task(runner: Recorder, admin: Client) -> None:
    notebook = {"notebook_path": "/x", "base_parameters": {"day": "task", "text": "on {{job.parameters.day}}"}}
    job_id = create_job(admin, tasks=[task(notebook_task=notebook)], parameters=[{"name": "day", "default": "job"}])
    wait(admin, start(admin, job_id, job_parameters={"day": "request"}))
    assert runner.given[0].parameters == {"day": "request", "text": "on request"}


def test_references_are_filled_in_and_unknown_ones_left(runner: Recorder, admin: Client) -> None:
    texts = {"ids": "{{job.id}} {{ job.run_id }}", "name": "{{task.name}}", "other": "{{tasks.a.values.b}}"}
    job_id = create_job(admin, tasks=[task(notebook_task={"notebook_path": "/x", "base_parameters": texts})])
    run_id = start(admin, job_id)
    wait(admin, run_id)
    assert runner.given[0].parameters == {"ids": f"{job_id} {run_id}", "name": "train", "other": texts["other"]}


def test_iteration_reads_what_it_is_for(runner: Recorder, admin: Client) -> None:
    texts = {"all": "{{input}}", "one": "{{input.b}}"}
    each = task("each", notebook_task={"notebook_path": "/x", "base_parameters": texts})
    loop = {"task_key": "loop", "for_each_task": {"inputs": '["a", {"b": 1}, [2]]', "task": each}}
    wait(admin, start_new(admin, tasks=[loop]))
    assert [given.parameters for given in runner.given] == [
        {"all": "a", "one": "{{input.b}}"}, {"all": '{"b": 1}', "one": "1"}, {"all": "[2]", "one": "{{input.b}}"}]


def test_failing_notebook_fails_the_run_with_its_own_error(runner: Recorder, admin: Client) -> None:
    """E7: the exception of a notebook is told."""
    runner.answer = failing
    run = wait(admin, start_new(admin))
    told = output(admin, run["tasks"][0]["run_id"])
    assert (run["state"]["result_state"], told["error"], told["error_trace"]) == (
        "FAILED", "ValueError: no data", "Traceback ...")


def test_cancel_stops_the_notebook(runner: Recorder, admin: Client) -> None:
    """E7: a cancel stops what runs."""
    runner.answer = until_stopped
    run_id = start_new(admin)
    while look(admin, run_id)["state"]["life_cycle_state"] != "RUNNING":
        time.sleep(0.002)
    admin.post("2.2/jobs/runs/cancel", run_id=run_id)
    assert results(wait(admin, run_id)) == {"train": "CANCELED"}


def test_task_that_waits_for_its_turn_is_not_begun_once_it_is_cancelled(runner: Recorder, admin: Client) -> None:
    runner.answer = until_stopped
    run_id = start_new(admin, tasks=[task(f"t{number}") for number in range(5)])
    while len(runner.given) < 4:
        look(admin, run_id)
    admin.post("2.2/jobs/runs/cancel", run_id=run_id)
    wait(admin, run_id)
    for thread in threading.enumerate():
        if thread.name.startswith(f"run-{run_id}-"):
            thread.join(60)
    assert len(runner.given) == 4


def test_routes_answer_while_a_notebook_runs(runner: Recorder, admin: Client) -> None:
    runner.answer = until_stopped
    run_id = start_new(admin)
    while not runner.given:
        look(admin, run_id)
    assert admin.get("2.2/jobs/list").status == 200
    assert look(admin, run_id)["state"]["life_cycle_state"] == "RUNNING"
    admin.post("2.2/jobs/runs/cancel", run_id=run_id)
    wait(admin, run_id)


def test_run_moves_though_nobody_looks(workspace: Workspace, runner: Recorder, admin: Client) -> None:
    run_id = start_new(admin, tasks=[task("a"), task("b", "a")])
    deadline = time.monotonic() + 60
    while workspace.state.runs.store.active.all() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert results(look(admin, run_id)) == {"a": "SUCCESS", "b": "SUCCESS"}
    assert len(runner.given) == 2


@pytest.mark.parametrize(("settings", "words"), [
    ({"tasks": [task(**JAR)]}, "does not execute a spark_jar_task"),
    ({"git_source": {"git_url": "https://git.example.test/a", "git_provider": "gitHub", "git_branch": "main"}},
     "does not execute tasks of a git_source"),
], ids=["jar", "git"])
def test_what_cannot_be_executed_says_so(
        runner: Recorder, admin: Client, settings: dict[str, Any], words: str) -> None:
    run = wait(admin, start_new(admin, **settings))
    assert words in output(admin, run["tasks"][0]["run_id"])["error"]
    assert runner.given == []


def test_shut_down_stops_what_runs(workspace: Workspace, runner: Recorder, admin: Client) -> None:
    runner.answer = until_stopped
    run_id = start_new(admin)
    while not runner.given:
        look(admin, run_id)
    with workspace.state.lock:
        workspace.state.runs.stop()
    assert wait(admin, run_id)["state"]["result_state"] == "FAILED"


@pytest.mark.usefixtures("runner")
def test_parallel_starts_lose_no_run(workspace: Workspace, admin: Client) -> None:
    job_id = create_job(admin, max_concurrent_runs=100)
    threads = [threading.Thread(target=start, args=(Client(workspace, workspace.token), job_id)) for _ in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [wait(admin, run["run_id"], 20) for run in admin.get("2.2/jobs/runs/list", limit="25").body["runs"]]
    assert {run["state"]["result_state"] for run in found} == {"SUCCESS"}
    assert len(workspace.state.runs.store.ids(job_id)) == 64
