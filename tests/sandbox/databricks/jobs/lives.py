"""A workspace in a folder that is stopped and started again, or killed and started again."""
from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sandbox.clock import FakeClock
from sandbox.databricks.notebooks.task import NotebookRunner
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from tests.sandbox.databricks.conftest import Client


@cache
def _tenant() -> Tenant:
    """Nobody signs in with it here, and its keys take long to make."""
    return Tenant()


@dataclass
class Lives:
    """`runner` is what each life executes notebooks with."""

    folder: Path
    clock: FakeClock
    runner: NotebookRunner | None = None

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> Client:
        """The workspace as it is found after a kill: what ran in the life before is gone."""
        self.workspace = Workspace("dev", tenant=_tenant(), clock=self.clock, folder=self.folder)
        self.workspace.state.serverless = True
        self.workspace.state.runner = self.runner
        return self.client

    @property
    def client(self) -> Client:
        return Client(self.workspace, self.workspace.token)

    def client_of(self, user: str) -> Client:
        self.workspace.add_user(user)
        return Client(self.workspace, self.workspace.add_token(user))
