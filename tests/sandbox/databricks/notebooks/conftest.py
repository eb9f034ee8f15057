"""A workspace with a Git folder whose notebooks run on this machine."""
from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from sandbox.databricks.directory import Principal
from sandbox.databricks.notebooks.runner import LocalRunner
from sandbox.databricks.notebooks.task import NotebookResult, NotebookTask
from sandbox.databricks.workspace import Workspace

ANNA = "anna@example.test"
FOLDER = "/Repos/dev/churn"
_SEPARATOR = "\n\n# COMMAND ----------\n\n"


@dataclass
class Bench:
    """Writes notebooks into the Git folder `/Repos/dev/churn`, which Anna manages, and runs them as Anna."""

    workspace: Workspace
    anna: Principal
    time_limit: float = 20.0
    stop: threading.Event = field(default_factory=threading.Event)

    def write(self, name: str, content: str | bytes) -> None:
        tree = self.workspace.state.files.tree
        tree.make_directory(f"{FOLDER}/{name}".rpartition("/")[0])
        tree.write(f"{FOLDER}/{name}", content.encode() if isinstance(content, str) else content)

    def notebook(self, name: str, *cells: str) -> None:
        """A notebook of the source format, from its cells."""
        self.write(f"{name}.py", "# Databricks notebook source\n" + _SEPARATOR.join(cells) + "\n")

    def run(self, name: str, *, kind: str = "notebook", run_as: str = ANNA, libraries: tuple[Any, ...] = (),
            **parameters: str) -> NotebookResult:
        path = name if kind == "wheel" else f"{FOLDER}/{name}"
        return self.run_task(NotebookTask(path, parameters, run_as, kind, libraries))

    def run_task(self, task: NotebookTask) -> NotebookResult:
        return LocalRunner(self.workspace.state, time_limit=self.time_limit).run(task, self.stop)

    def cells(self, *cells: str, **parameters: str) -> NotebookResult:
        """Run these cells as a notebook."""
        self.notebook("notebooks/cells", *cells)
        return self.run_task(NotebookTask(f"{FOLDER}/notebooks/cells", parameters, ANNA))

    def output(self, *cells: str, **parameters: str) -> str:
        result = self.cells(*cells, **parameters)
        assert result.succeeded, result
        return result.output


@pytest.fixture
def bench(workspace: Workspace) -> Bench:
    anna = workspace.add_user(ANNA)
    files = workspace.state.files
    files.git_folders.add(FOLDER)
    files.make_folders(FOLDER, anna)
    return Bench(workspace, anna)


@pytest.fixture
def secret(bench: Bench) -> Callable[..., str]:
    """Puts a secret into a scope of Anna's; gives the expression that reads it."""
    secrets = bench.workspace.state.secrets

    def put(value: str, key: str = "password") -> str:
        if "team" not in secrets.names():
            secrets.create("team", bench.anna)
        secrets.put("team", key, value.encode(), caller=bench.anna, now=0.0)
        return f"dbutils.secrets.get('team', '{key}')"

    return put
