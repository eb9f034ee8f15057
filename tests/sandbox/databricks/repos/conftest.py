"""A workspace that reaches a git server, where the repository `churn` lies."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from sandbox.azure_devops.git.bare_repository import Author, BareRepository, File
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import DATABRICKS
from sandbox.http.message import Request
from sandbox.http.server import Server
from tests.sandbox.databricks.conftest import Client, Reply
from tests.sandbox.databricks.repos.git_server import GitServer

OWNER = "owner@example.test"
PIPELINE = "11111111-2222-3333-4444-555555555555"
TOKEN = "owners-git-token"
PROVIDER = "azureDevOpsServices"
PATH = "/Repos/dev/churn"
FILES = {"README.md": "one\n", "notebooks/train.py": "# Databricks notebook source\nprint(1)\n", "data/a.csv": "1\n"}


@dataclass
class Remote:
    """The repository, as its server keeps it; `asked` is called with each request of a git client."""

    url: str
    repository: BareRepository
    asked: list[Callable[[Request], None]] = field(default_factory=list)

    def commit(self, ref: str = "refs/heads/main", **changes: str) -> str:
        """Commit the usual files with these README and so on; names have `_` for the dot."""
        files = {**FILES, **{name.replace("_", "."): text for name, text in changes.items()}}
        return self.repository.commit_files(ref, {path: File(text.encode()) for path, text in files.items()},
                                            message="change", author=Author("Anna", OWNER))


@dataclass
class Repos:
    """The Repos API as one caller sees it."""

    client: Client
    remote: Remote

    def add_credential(self, token: str = TOKEN, provider: str = PROVIDER, **fields: Any) -> Reply:
        return self.client.post("2.0/git-credentials", git_provider=provider, personal_access_token=token, **fields)

    def create(self, path: str | None = PATH, **fields: Any) -> Reply:
        body = {"url": self.remote.url, "provider": PROVIDER, **({"path": path} if path else {}), **fields}
        return self.client.ask("POST", "2.0/repos", body)

    def created(self, path: str | None = PATH, **fields: Any) -> int:
        reply = self.create(path, **fields)
        assert reply.status == 200, reply
        return int(reply.body["id"])

    def get(self, number: object) -> Reply:
        return self.client.get(f"2.0/repos/{number}")

    def update(self, number: object, **fields: Any) -> Reply:
        return self.client.ask("PATCH", f"2.0/repos/{number}", fields)

    def delete(self, number: object) -> Reply:
        return self.client.ask("DELETE", f"2.0/repos/{number}")

    def read(self, name: str, path: str = PATH) -> str:
        return self.client.workspace.state.files.tree.disk(f"{path}/{name}").read_text()

    def write(self, name: str, text: str, path: str = PATH) -> None:
        """An edit that nobody committed."""
        self.client.workspace.state.files.tree.write(f"{path}/{name}", text.encode())


@pytest.fixture
def remote(tmp_path: Path, workspace: Workspace) -> Iterator[Remote]:
    repository = BareRepository.create("churn", tmp_path / "git" / "churn")
    server = GitServer(tmp_path / "git", TOKEN, workspace.tenant)
    with Server(server) as served:
        remote = Remote(f"{served.url}/churn", repository, server.asked)
        remote.commit()
        yield remote


@pytest.fixture
def repos(owner: Client, admin: Client, remote: Remote) -> Repos:
    """The owner's, with a good credential; an admin has made `/Repos/dev` and given it to the owner."""
    admin.ask("POST", "2.0/workspace/mkdirs", {"path": "/Repos/dev"})
    share(admin, OWNER)
    repos = Repos(owner, remote)
    repos.add_credential()
    return repos


@pytest.fixture
def pipeline(admin: Client, remote: Remote) -> Repos:
    """A service principal's, without credential; `/Repos/dev` is its own."""
    admin.workspace.add_service_principal(PIPELINE, "pipeline")
    admin.ask("POST", "2.0/workspace/mkdirs", {"path": "/Repos/dev"})
    share(admin, PIPELINE, key="service_principal_name")
    return Repos(Client(admin.workspace, admin.workspace.tenant.sign(DATABRICKS, appid=PIPELINE)), remote)


def share(admin: Client, name: str, key: str = "user_name", path: str = "/Repos/dev") -> None:
    number = admin.ask("GET", "2.0/workspace/get-status", query={"path": [path]}).body["object_id"]
    reply = admin.ask("PATCH", f"2.0/permissions/directories/{number}", {
        "access_control_list": [{key: name, "permission_level": "CAN_MANAGE"}]})
    assert reply.status == 200, reply
