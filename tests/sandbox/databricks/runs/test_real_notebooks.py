"""Notebooks of a workspace that really run as tasks."""
from __future__ import annotations

import base64
import time
from typing import Any

import pytest

from sandbox.databricks.notebooks.runner import LocalRunner
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import task
from tests.sandbox.databricks.runs.driving import OVER, look, output, results, start_new

TRAIN = "dbutils.notebook.exit('trained on ' + dbutils.widgets.get('day'))"


@pytest.fixture(autouse=True)
def notebooks(workspace: Workspace, admin: Client) -> None:
    workspace.state.runner = LocalRunner(workspace.state)
    admin.ask("POST", "2.0/workspace/mkdirs", {"path": "/Shared"})
    for name, source in (("train", TRAIN), ("broken", "raise ValueError('no data')"),
                         ("slow", "import time; time.sleep(600)")):
        content = base64.b64encode(f"# Databricks notebook source\n{source}\n".encode()).decode()
        reply = admin.ask("POST", "2.0/workspace/import", {
            "path": f"/Shared/{name}", "format": "SOURCE", "language": "PYTHON", "content": content})
        assert reply.status == 200, reply


def run_to_end(client: Client, run_id: int, *, cancel: bool = False) -> dict[str, Any]:
    deadline = time.monotonic() + 100
    while time.monotonic() < deadline:
        run = look(client, run_id)
        if run["state"]["life_cycle_state"] in OVER:
            return run
        if cancel and run["state"]["life_cycle_state"] == "RUNNING":
            client.post("2.2/jobs/runs/cancel", run_id=run_id)
        time.sleep(0.01)
    raise AssertionError(run["state"])


def notebook(name: str, *needed: str) -> dict[str, Any]:
    return task(name, *needed, notebook_task={"notebook_path": f"/Shared/{name}", "base_parameters": {"day": "monday"}})


def test_notebook_gets_its_parameters_and_gives_its_exit_value(admin: Client) -> None:
    run = run_to_end(admin, start_new(admin, tasks=[notebook("train")]))
    assert output(admin, run["tasks"][0]["run_id"])["notebook_output"]["result"] == "trained on monday"


def test_error_of_the_notebook_is_told(admin: Client) -> None:
    run = run_to_end(admin, start_new(admin, tasks=[notebook("broken"), notebook("train", "broken")]))
    told = output(admin, run["tasks"][0]["run_id"])
    assert results(run) == {"broken": "FAILED", "train": "UPSTREAM_FAILED"}
    assert (told["error"], "Traceback" in told["error_trace"]) == ("ValueError: no data", True)


def test_cancelled_notebook_ends_at_once(admin: Client) -> None:
    run = run_to_end(admin, start_new(admin, tasks=[notebook("slow")]), cancel=True)
    assert run["state"]["result_state"] == "CANCELED"
