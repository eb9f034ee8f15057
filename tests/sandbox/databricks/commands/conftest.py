"""A running cluster, and a client that runs commands on it."""
from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client, Reply

_PATIENCE = 60.0


@dataclass
class Bench:
    client: Client
    cluster_id: str
    context_id: str = ""

    def __post_init__(self) -> None:
        self.context_id = self.context_id or self.create().body["id"]

    def create(self, **fields: Any) -> Reply:
        return self.client.post("1.2/contexts/create", **{"clusterId": self.cluster_id, "language": "python", **fields})

    def context_status(self) -> Reply:
        return self.client.get("1.2/contexts/status", clusterId=self.cluster_id, contextId=self.context_id)

    def destroy(self) -> Reply:
        return self.client.post("1.2/contexts/destroy", clusterId=self.cluster_id, contextId=self.context_id)

    def execute(self, text: str, **fields: Any) -> Reply:
        return self.client.post("1.2/commands/execute", **{"clusterId": self.cluster_id, "contextId": self.context_id,
                                                           "command": text, **fields})

    def start(self, text: str) -> str:
        return str(self.execute(text, language="python").body["id"])

    def status(self, command_id: str) -> Reply:
        return self.client.get("1.2/commands/status", clusterId=self.cluster_id, contextId=self.context_id,
                               commandId=command_id)

    def cancel(self, command_id: str) -> Reply:
        return self.client.post("1.2/commands/cancel", clusterId=self.cluster_id, contextId=self.context_id,
                                commandId=command_id)

    def home(self) -> Path:
        """Where the only process is that runs."""
        return next(self.client.workspace.state.contexts.folder.iterdir())

    def await_file(self, name: str) -> None:
        """Until a command has made this file."""
        deadline = time.monotonic() + _PATIENCE
        while not (self.home() / name).exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def wait(self, command_id: str, *states: str) -> dict[str, Any]:
        """The command once it is in one of `states`, by default any end."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            body = self.status(command_id).body
            assert body["id"] == command_id
            if body["status"] in (states or ("Finished", "Cancelled", "Error")):
                return dict(body)
            time.sleep(0.02)
        message = f"the command is still {body}"
        raise AssertionError(message)

    def results(self, text: str, **fields: Any) -> dict[str, Any]:
        body = self.wait(str(self.execute(text, **fields).body["id"]))
        assert body["status"] == "Finished", body
        return dict(body["results"])

    def data(self, text: str) -> str:
        results = self.results(text)
        assert results["resultType"] == "text", results
        return str(results["data"])


@pytest.fixture
def bench(workspace: Workspace, admin: Client) -> Iterator[Bench]:
    yield Bench(admin, admin.create_running())
    workspace.state.contexts.stop()
