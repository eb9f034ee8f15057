"""A disk that is full: whoever asks is told, and what could not be written is written once there is room."""
from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from sandbox.databricks.memory import Memory
from sandbox.databricks.notebooks.task import NotebookResult, NotebookTask
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.jobs.bodies import task

_LARGE = "x" * 100_000


@contextmanager
def full(memory: Memory) -> Iterator[None]:
    """Inside, SQLite finds no room: https://www.sqlite.org/pragma.html#pragma_max_page_count."""
    assert memory._storage is not None
    connection = memory._storage._connection
    connection.execute("PRAGMA max_page_count = 1")
    try:
        yield
    finally:
        connection.execute("PRAGMA max_page_count = 1000000")


@pytest.fixture
def kept(tmp_path: Path) -> Client:
    workspace = Workspace("dev", tenant=Tenant(), folder=tmp_path)
    return Client(workspace, workspace.token)


def put(client: Client, name: str) -> tuple[int, str]:
    reply = client.post("2.0/global-init-scripts", name=name, script="eHh4" * 10_000)
    return reply.status, reply.message


def test_what_found_no_room_is_written_with_the_next_that_does(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "state.sqlite")
    texts = memory.collection("text", str)
    memory.lock.acquire()
    texts["a"] = _LARGE
    with full(memory), pytest.raises(sqlite3.OperationalError):
        memory.lock.release()
    with memory.lock:
        texts["b"] = "small"
    memory.close()
    assert list(Memory(tmp_path / "state.sqlite").collection("text", str)) == ["a", "b"]


def test_request_that_could_not_be_kept_is_told_so(kept: Client) -> None:
    with full(kept.workspace.state.memory):
        status, message = put(kept, "a")
        assert kept.get("2.0/global-init-scripts").status == 200
    assert (status, message) == (500, "the sandbox cannot keep this: database or disk is full")
    assert put(kept, "b") == (200, "None")


def test_file_that_could_not_be_kept_is_told_so(kept: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", write)
    reply = kept.post("2.0/dbfs/put", path="/a", contents="eA==")
    assert (reply.status, reply.code, reply.message) == (
        500, "INTERNAL_ERROR", "the sandbox cannot keep this: [Errno 28] No space left on device")


def test_other_errors_of_the_system_are_bugs(kept: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(*_: object) -> None:
        raise IsADirectoryError

    monkeypatch.setattr(Path, "write_bytes", write)
    with pytest.raises(IsADirectoryError):
        kept.post("2.0/dbfs/put", path="/a", contents="eA==")


class Runner:
    """Tells when it runs, and waits until it shall fail because the disk is full."""

    def __init__(self) -> None:
        self.runs, self.fails = threading.Event(), threading.Event()

    def run(self, task: NotebookTask, stop: threading.Event) -> NotebookResult:  # noqa: ARG002 - a NotebookRunner
        self.runs.set()
        assert self.fails.wait(60)
        raise OSError(28, _LARGE)


def test_end_of_a_run_is_written_once_there_is_room_though_nobody_asks(kept: Client, tmp_path: Path) -> None:
    runner = kept.workspace.state.runner = Runner()
    kept.post("2.2/jobs/runs/submit", tasks=[task("a", notebook_task={"notebook_path": "/Shared/a"})])
    assert runner.runs.wait(60)
    with full(kept.workspace.state.memory):
        runner.fails.set()
        time.sleep(0.2)
        assert _LARGE not in written(tmp_path)
    deadline = time.monotonic() + 60
    while f"the sandbox cannot run this: [Errno 28] {_LARGE}" not in written(tmp_path):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def written(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "state.sqlite")) as connection:
        return "".join(value for value, in connection.execute("SELECT value FROM records"))
