"""The legacy databricks-cli 0.18, called as a person calls it; it forgets the port of its host."""
from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sandbox.databricks.workspace import Workspace
from tests.clients.conftest import client
from tests.clients.environments import Environment
from tests.clients.legacy_place import anywhere
from tests.clients.machine import Finished, Machine


@dataclass(frozen=True)
class Cli:
    """Calls `databricks` with the words given; what is no text is sent as JSON."""

    machine: Machine
    databricks: Path

    def __call__(self, *words: object) -> str:
        """What it printed, without the space around it."""
        return self.machine.run(self.databricks, *_texts(words)).strip()

    def read(self, *words: object) -> Any:
        """What it printed, as JSON."""
        return json.loads(self(*words))

    def refused(self, *words: object) -> str:
        """What it said when it failed, which it must."""
        done: Finished = self.machine.call(self.databricks, *_texts(words))
        assert done.code == 1, done
        return done.output + done.errors


def _texts(words: tuple[object, ...]) -> list[str]:
    return [json.dumps(word) if isinstance(word, (dict, list)) else str(word) for word in words]


@pytest.fixture
def databricks_cli() -> Environment:
    return client("databricks_cli")


@pytest.fixture
def cli(databricks_cli: Environment, machine: Machine, workspace: Workspace) -> Iterator[Cli]:
    with anywhere(workspace.application) as told:
        yield Cli(machine.knowing(DATABRICKS_TOKEN=workspace.token, **told), databricks_cli.script("databricks"))
