"""A workspace that is killed in the middle of writing: what it acknowledged is there again, and nothing half."""
from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from tests.sandbox.databricks.conftest import SPEC, Client, Reply

_TOKEN = "dapi0123456789abcdef"
_PROGRAM = """
import sys
from pathlib import Path
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from sandbox.http.server import Server
workspace = Workspace("dev", tenant=Tenant(), folder=Path(sys.argv[1]), token=sys.argv[2])
with Server(workspace.application) as server:
    print(server.url, flush=True)
    sys.stdin.read()
"""
# What each writer does again and again, and how its acknowledgement is found again.
_WRITES: dict[str, tuple[str, Callable[[int], dict[str, Any]]]] = {
    "cluster": ("2.1/clusters/create", lambda number: {**SPEC, "cluster_name": f"c{number}"}),
    "job": ("2.2/jobs/create", lambda number: {"name": f"j{number}"}),
    "scope": ("2.0/secrets/scopes/create", lambda number: {"scope": f"s{number}"}),
    "folder": ("2.0/workspace/mkdirs", lambda number: {"path": f"/Shared/f{number}"}),
    "file": ("2.0/workspace/import", lambda number: {"path": f"/Shared/n{number}", "format": "AUTO",
                                                     "content": "eA=="}),
    "experiment": ("2.0/mlflow/experiments/create", lambda number: {"name": f"/Shared/e{number}"}),
}


class Killed:
    """Writers of every kind, until the workspace is killed under them; `acknowledged` is what came back."""

    def __init__(self, folder: Path) -> None:
        self.acknowledged: dict[str, list[dict[str, Any]]] = {kind: [] for kind in _WRITES}
        with subprocess.Popen([sys.executable, "-c", _PROGRAM, str(folder), _TOKEN], text=True, env=dict(os.environ),
                              cwd=Path(__file__).parents[3], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            self._url = process.stdout.readline().strip()
            writers = [threading.Thread(target=self._write, args=(kind,)) for kind in _WRITES]
            for writer in writers:
                writer.start()
            while not all(len(answers) > 5 for answers in self.acknowledged.values()):
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
            for writer in writers:
                writer.join()

    def _write(self, kind: str) -> None:
        path, body = _WRITES[kind]
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {_TOKEN}"
            for number in range(100_000):
                try:
                    reply = session.post(f"{self._url}/api/{path}", json=body(number), timeout=10)
                except requests.ConnectionError:
                    return
                self.acknowledged[kind].append({**body(number), **reply.json(), "status": reply.status_code})


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Killed, Client]:
    folder = tmp_path_factory.mktemp("killed")
    victim = Killed(folder)
    return victim, Client(Workspace("dev", tenant=Tenant(), folder=folder, token=_TOKEN), _TOKEN)


def _file(client: Client, action: str, one: dict[str, Any]) -> Reply:
    return client.ask("GET", f"2.0/workspace/{action}", query={"path": [one["path"]]})


_READS: dict[str, Callable[[Client, dict[str, Any]], object]] = {
    "cluster": lambda client, one: client.cluster(one["cluster_id"])["cluster_name"] == one["cluster_name"],
    "job": lambda client, one: client.get("2.2/jobs/get", job_id=str(one["job_id"])).body["settings"]["name"]
    == one["name"],
    "scope": lambda client, one: client.get("2.0/secrets/list", scope=one["scope"]).status == 200,
    "folder": lambda client, one: _file(client, "get-status", one).status == 200,
    "file": lambda client, one: _file(client, "export", one).body["content"] == one["content"],
    "experiment": lambda client, one: client.get("2.0/mlflow/experiments/get-by-name",
                                                 experiment_name=one["name"]).status == 200,
}


@pytest.mark.parametrize("kind", _WRITES)
def test_nothing_that_was_acknowledged_is_lost(killed: tuple[Killed, Client], kind: str) -> None:
    victim, client = killed
    assert {one["status"] for one in victim.acknowledged[kind]} == {200}
    assert all(_READS[kind](client, one) for one in victim.acknowledged[kind])


def test_a_cluster_is_there_with_its_rights_or_not_at_all(killed: tuple[Killed, Client]) -> None:
    _, client = killed
    for row in client.get("2.0/clusters/list").body.get("clusters", ()):
        granted = client.get(f"2.0/permissions/clusters/{row['cluster_id']}").body["access_control_list"]
        assert "CAN_MANAGE" in json.dumps([entry for entry in granted if "user_name" in entry])


def test_a_job_is_there_with_its_owner_or_not_at_all(killed: tuple[Killed, Client]) -> None:
    _, client = killed
    for row in client.get("2.0/jobs/list").body.get("jobs", ()):
        assert "IS_OWNER" in json.dumps(client.get(f"2.0/permissions/jobs/{row['job_id']}").body)


def test_no_number_of_a_lost_write_comes_twice(killed: tuple[Killed, Client]) -> None:
    victim, client = killed
    known = {one["cluster_id"] for one in victim.acknowledged["cluster"]}
    assert client.create() not in known
