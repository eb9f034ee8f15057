"""A disk that is full: whoever asks is told, and nothing of what was asked for has happened."""
from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sandbox.databricks.memory import Memory
from sandbox.databricks.notebooks.task import NotebookResult, NotebookTask
from sandbox.databricks.registry.model_store import ModelStore
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from tests.sandbox.databricks.conftest import SPEC, Client
from tests.sandbox.databricks.full_disk import full, unwritable
from tests.sandbox.databricks.jobs.bodies import create_job, settings_of, task
from tests.sandbox.databricks.runs.driving import finish, look, start_new

_LARGE = "x" * 100_000


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Client]:
    workspace = Workspace("dev", tenant=Tenant(), folder=tmp_path)
    yield Client(workspace, workspace.token)
    workspace.close()


def put(client: Client, name: str) -> tuple[int, str]:
    reply = client.post("2.0/global-init-scripts", name=name, script="eHh4" * 10_000)
    return reply.status, reply.message


def test_what_found_no_room_is_not_written_with_the_next_that_does(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "state.sqlite")
    texts = memory.collection("text", str)
    memory.lock.acquire()
    texts["a"] = _LARGE
    with full(memory), pytest.raises(sqlite3.OperationalError):
        memory.lock.release()
    with memory.lock:
        texts["b"] = "small"
    memory.close()
    assert list(Memory(tmp_path / "state.sqlite").collection("text", str)) == ["b"]


def test_request_that_could_not_be_kept_is_told_so(kept: Client) -> None:
    with full(kept.workspace.state.memory):
        status, message = put(kept, "a")
        assert kept.get("2.0/global-init-scripts").status == 200
    assert (status, message) == (500, "the sandbox cannot keep this: database or disk is full")
    assert put(kept, "b") == (200, "None")


@pytest.mark.parametrize(("write", "body", "read"), [
    pytest.param("2.1/clusters/create", SPEC, "2.1/clusters/list", id="cluster"),
    pytest.param("2.2/jobs/create", {"name": "j"}, "2.2/jobs/list", id="job"),
    pytest.param("2.2/jobs/runs/submit", {"tasks": [task()]}, "2.2/jobs/runs/list", id="run"),
    pytest.param("2.0/secrets/scopes/create", {"scope": "s"}, "2.0/secrets/scopes/list", id="scope"),
    pytest.param("2.0/workspace/mkdirs", {"path": "/Shared/f"}, "2.0/workspace/list?path=/Shared", id="folder"),
    pytest.param("2.0/workspace/import", {"path": "/Shared/n", "format": "AUTO", "content": "eA=="},
                 "2.0/workspace/list?path=/Shared", id="file"),
    pytest.param("2.0/mlflow/experiments/create", {"name": "/Shared/e"},
                 "2.0/mlflow/experiments/search?max_results=9", id="experiment"),
    pytest.param("2.0/mlflow/registered-models/create", {"name": "m"}, "2.0/mlflow/registered-models/list", id="model"),
    pytest.param("2.0/preview/scim/v2/Users", {"userName": "new@example.test"}, "2.0/preview/scim/v2/Users", id="user"),
    pytest.param("2.0/token/create", {"comment": "c"}, "2.0/token/list", id="token"),
])
def test_nothing_of_a_request_that_could_not_be_kept_is_seen(kept: Client, write: str, body: dict[str, Any],
                                                             read: str) -> None:
    path, _, question = read.partition("?")
    asked = dict([question.split("=")]) if question else {}
    before = kept.get(path, **asked)
    with unwritable(kept.workspace.state.memory):
        assert kept.post(write, **body).status == 500
        assert kept.get(path, **asked) == before
    assert kept.post(write, **body).status in {200, 201}
    assert kept.get(path, **asked) != before


def test_change_that_could_not_be_kept_is_not_seen(kept: Client) -> None:
    job_id = create_job(kept)
    with unwritable(kept.workspace.state.memory):
        assert kept.post("2.2/jobs/update", job_id=job_id, new_settings={"name": "other"}).status == 500
        assert kept.post("2.2/jobs/delete", job_id=job_id).status == 500
        assert settings_of(kept, job_id)["name"] == "churn"
    assert [row["job_id"] for row in kept.get("2.2/jobs/list", name="churn").body["jobs"]] == [job_id]


def test_task_that_could_not_be_kept_does_not_run(kept: Client) -> None:
    runner = kept.workspace.state.runner = Runner()
    with unwritable(kept.workspace.state.memory):
        assert kept.post("2.2/jobs/runs/submit", tasks=[task(notebook_task={"notebook_path": "/a"})]).status == 500
    assert not runner.runs.is_set()
    assert kept.workspace.state.runs.store.active.busy() == 0


def test_attempts_that_could_not_be_kept_are_no_part_of_a_run(kept: Client) -> None:
    kept.workspace.fail_next_task("no")
    before = finish(kept, start_new(kept))
    with unwritable(kept.workspace.state.memory):
        assert kept.post("2.2/jobs/runs/repair", run_id=before["run_id"], rerun_all_failed_tasks=True).status == 500
    assert look(kept, before["run_id"]) == before


def test_metric_that_could_not_be_kept_is_not_shown(kept: Client) -> None:
    mlflow = "2.0/mlflow"
    experiment_id = kept.post(f"{mlflow}/experiments/create", name="/Shared/e").body["experiment_id"]
    run_id = kept.post(f"{mlflow}/runs/create", experiment_id=experiment_id).body["run"]["info"]["run_id"]
    metric = {"run_id": run_id, "key": "rmse", "value": 1.0, "timestamp": 1}
    with unwritable(kept.workspace.state.memory):
        assert kept.post(f"{mlflow}/runs/log-metric", **metric).status == 500
    assert "metrics" not in kept.get(f"{mlflow}/runs/get", run_id=run_id).body["run"]["data"]


def test_order_of_models_knows_none_that_could_not_be_kept(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "state.sqlite")
    store = ModelStore(memory, "workspace")
    memory.lock.acquire()
    assert store.by_name() != [store.add("m", "anna", 0.0)] == store.by_name()
    with unwritable(memory), pytest.raises(sqlite3.OperationalError):
        memory.lock.release()
    assert store.by_name() == []
    memory.close()


def test_record_that_cannot_be_read_is_told_in_a_sentence(kept: Client, tmp_path: Path) -> None:
    cluster_id = kept.create()
    kept.workspace.close()
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as connection, connection:
        connection.execute("UPDATE records SET value = '{}' WHERE kind = 'cluster'")
    again = Workspace("dev", tenant=Tenant(), folder=tmp_path)
    reply = Client(again, again.token).get("2.1/clusters/get", cluster_id=cluster_id)
    assert (reply.status, reply.code) == (500, "INTERNAL_ERROR")
    assert "state.sqlite: cannot be read (a cluster is not as this version writes it" in reply.message
    again.close()


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
