"""What is told of the output of a task run."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.databricks.notebooks.task import NotebookResult
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import task
from tests.sandbox.databricks.runs.driving import finish, look, output, start_new

MOST = 5 * 1024 * 1024
SCRIPT = task(notebook_task=None, spark_python_task={"python_file": "/x.py"})


def told(workspace: Workspace, admin: Client, result: NotebookResult, work: dict[str, Any] | None = None) -> Any:
    """The output of a task that came to `result`, without its metadata."""
    run = finish(admin, start_new(admin, tasks=[work or task()]))
    attempt = workspace.state.runs.store.find(run["tasks"][0]["run_id"])[1]
    assert attempt is not None
    attempt.output = result
    return {name: value for name, value in output(admin, attempt.run_id).items() if name != "metadata"}


@pytest.mark.parametrize(("length", "truncated"), [(MOST, False), (MOST + 1, True)])
def test_value_of_a_notebook_is_cut(workspace: Workspace, admin: Client, length: int, truncated: bool) -> None:
    shown = told(workspace, admin, NotebookResult(succeeded=True, exit_value="a" * length))["notebook_output"]
    assert (len(shown["result"]), shown["truncated"]) == (MOST, truncated)


@pytest.mark.parametrize(("length", "truncated"), [(MOST, False), (MOST + 1, True)])
def test_last_of_what_a_script_printed_is_told(
        workspace: Workspace, admin: Client, length: int, truncated: bool) -> None:
    printed = ("a" * length)[:-1] + "z"
    shown = told(workspace, admin, NotebookResult(succeeded=True, output=printed), SCRIPT)
    assert (len(shown["logs"]), shown["logs"][-1], shown["logs_truncated"]) == (MOST, "z", truncated)


def test_notebook_without_a_value_has_no_result(workspace: Workspace, admin: Client) -> None:
    assert told(workspace, admin, NotebookResult(succeeded=True, output="printed")) == {"notebook_output": {}}


def test_error_is_told_with_its_trace(workspace: Workspace, admin: Client) -> None:
    result = NotebookResult(succeeded=False, error="ValueError: x", error_trace="line 1")
    shown = told(workspace, admin, result)
    assert (shown["error"], shown["error_trace"]) == ("ValueError: x", "line 1")


def test_task_that_goes_on_has_no_error(admin: Client) -> None:
    told_now = output(admin, look(admin, start_new(admin))["tasks"][0]["run_id"])
    assert told_now.keys() == {"metadata", "notebook_output"}


def test_cancelled_task_is_cancelled_whatever_its_process_said(workspace: Workspace, admin: Client) -> None:
    run_id = start_new(admin)
    admin.post("2.2/jobs/runs/cancel", run_id=run_id)
    attempt = workspace.state.runs.store.find(finish(admin, run_id)["tasks"][0]["run_id"])[1]
    assert attempt is not None
    attempt.output = NotebookResult(succeeded=False, error="killed", error_trace="by a signal")
    shown = output(admin, attempt.run_id)
    assert (shown["error"], "error_trace" in shown) == ("Run cancelled.", False)


@pytest.mark.parametrize(("printed", "shown"), [("<b>", "<pre>&lt;b&gt;</pre>"), (None, "<pre></pre>")])
def test_export_shows_what_was_printed(
        workspace: Workspace, admin: Client, printed: str | None, shown: str) -> None:
    run = finish(admin, start_new(admin))
    attempt = workspace.state.runs.store.find(run["tasks"][0]["run_id"])[1]
    assert attempt is not None
    attempt.output = NotebookResult(succeeded=True, output=printed) if printed else None
    view = admin.get("2.2/jobs/runs/export", run_id=str(attempt.run_id)).body["views"][0]
    assert shown in view["content"]
