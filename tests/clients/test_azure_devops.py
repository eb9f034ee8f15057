"""Plain git and the client `azure-devops` as judges of the embedded organisation."""
from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.azure_devops.projects.library import AgentQueue
from tests.clients.conftest import client
from tests.clients.git_place import GitPlace
from tests.clients.machine import Machine


def test_client_pushes_runs_and_makes_environments(machine: Machine, git: GitPlace) -> None:
    """H: what setting a product up reads and writes."""
    git.organisation.home.library.put_queue(AgentQueue("Default"))
    shown = machine.program(client("azure_devops"), "azure_devops_client", AZURE_DEVOPS_URL=f"{git.address}/org",
                            AZURE_DEVOPS_TOKEN=git.token)
    assert shown == [
        "project project", "refs refs/heads/feature/x refs/heads/main refs/tags/v1", "pushed 1",
        "not deleted forcePushRequired", "deleted succeeded succeeded", "run succeeded",
        "environment churn-prod", "refused EnvironmentExistsException", "queues Azure Pipelines Default"]


@pytest.fixture
def person(machine: Machine) -> Machine:
    """Has told git a name, and to ask nobody."""
    return machine.knowing(GIT_AUTHOR_NAME="Judge", GIT_AUTHOR_EMAIL="judge@example.test",
                           GIT_COMMITTER_NAME="Judge", GIT_COMMITTER_EMAIL="judge@example.test",
                           GIT_TERMINAL_PROMPT="0", GIT_CONFIG_NOSYSTEM="1")


def test_git_clones_pushes_and_fetches(person: Machine, git: GitPlace, tmp_path: Path) -> None:
    """H: with a token as password, as an Azure DevOps URL has it."""
    url, clone, other = git.url.replace("://", f"://judge:{git.token}@"), tmp_path / "clone", tmp_path / "other"
    for folder in (clone, other):
        person.run("git", "clone", "-q", "--branch", "main", url, folder)
    (clone / "README.md").write_text("two\n", encoding="utf-8")
    person.run("git", "commit", "-q", "-a", "-m", "Two", folder=clone)
    person.run("git", "push", "-q", "origin", "main", "main:refs/heads/feature/y", folder=clone)
    person.run("git", "fetch", "-q", "--prune", folder=other)
    pushed = person.run("git", "rev-parse", "HEAD", folder=clone)
    assert person.run("git", "rev-parse", "origin/main", "origin/feature/y", folder=other) == pushed * 2
    assert git.repository.refs()["refs/heads/main"] == pushed.strip()


def test_git_without_a_token_is_refused(person: Machine, git: GitPlace, tmp_path: Path) -> None:
    """H: nobody reads code without being known."""
    done = person.call("git", "clone", "-q", git.url.replace("://", "://judge:wrong@"), tmp_path / "clone")
    assert done.code == 128
    assert "Authentication failed" in done.errors
