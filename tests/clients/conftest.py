"""A strict workspace on a loopback port, a clean machine, and the clients that are to be its judges."""
from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from sandbox.databricks.delays import Delays
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from sandbox.http.server import Server
from tests.clients.environments import Environment, NoClientError
from tests.clients.git_place import GitPlace, git_place
from tests.clients.machine import Machine

QUICK = Delays(*[0.05] * len(fields(Delays)))
"""For clients that wait for seconds between two looks: at the second one everything is over."""


def client(name: str) -> Environment:
    """An installed client. Without one the test is skipped, or fails where `REQUIRE_CLIENTS` is set."""
    environment = Environment(name)
    hindrance = _hindrance(environment)
    if hindrance and os.environ.get("REQUIRE_CLIENTS"):
        pytest.fail(f"client {name}: {hindrance}")
    if hindrance:
        pytest.skip(f"client {name}: {hindrance}")
    return environment


@functools.cache
def _hindrance(environment: Environment) -> str:
    try:
        environment.make()
    except NoClientError as error:
        return str(error)
    return ""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    home = tmp_path / "home"
    home.mkdir()
    return Machine(home)


@pytest.fixture
def workspace() -> Workspace:
    return Workspace("dev", tenant=Tenant(), strict=True)


@pytest.fixture
def host(workspace: Workspace) -> Iterator[str]:
    """Where the workspace is for clients that can be told a port."""
    with Server(workspace.application) as server:
        yield server.url


@pytest.fixture
def git(tmp_path: Path) -> Iterator[GitPlace]:
    with git_place(tmp_path / "organisation") as place:
        yield place


@pytest.fixture
def member(machine: Machine, workspace: Workspace, host: str) -> Machine:
    """A machine that knows the workspace and a token of its administrator, and nothing else."""
    return machine.knowing(DATABRICKS_HOST=host, DATABRICKS_TOKEN=workspace.token)
