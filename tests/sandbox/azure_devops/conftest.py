"""A git service on loopback with one repository, and a person with a clone of it."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sandbox.azure_devops.git.bare_repository import BareRepository
from sandbox.azure_devops.git.pushes import Push
from sandbox.azure_devops.organisation import Names, Organisation
from sandbox.http.server import Server
from sandbox.pipelines.request import Identity
from tests.sandbox.azure_devops.deployer import Deployer
from tests.sandbox.azure_devops.person import Person

ANNA = Identity("Anna Berg", "anna@example.com")
TOKEN = "annas-token"


@dataclass
class Host:
    """The address of the git service and every push it was told of; Anna is a contributor."""

    url: str
    organisation: Organisation
    pushes: list[Push] = field(default_factory=list)

    @property
    def repository(self) -> BareRepository:
        return self.organisation.home.repositories["churn"]

    def clone_url(self, name: str = "churn", *, token: str = TOKEN) -> str:
        return self.url.replace("://", f"://anyone:{token}@") + f"/org/project/_git/{name}"


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    pushes: list[Push] = []
    organisation = Organisation(tmp_path / "organisation", {}, Names("org", "project"),
                                on_push=lambda push, _: pushes.append(push))
    organisation.home.create_repository("churn")
    organisation.accounts.add(ANNA, TOKEN)
    contributors = organisation.directory.find("[project]\\Contributors")
    assert contributors is not None
    organisation.directory.join(organisation.directory.add_user(ANNA), contributors)
    with Server(organisation.application) as server:
        yield Host(server.url, organisation, pushes)
    organisation.close()


@pytest.fixture
def anna(host: Host, tmp_path: Path) -> Person:
    """Anna's clone; `main` holds one commit that was pushed already, whose event is forgotten."""
    Person(tmp_path).git("clone", "-q", host.clone_url(), "clone")
    person = Person(tmp_path / "clone")
    person.git("checkout", "-q", "-B", "main")
    person.commit("README.md", "churn\n")
    person.git("push", "-q", "origin", "main")
    host.pushes.clear()
    return person


@pytest.fixture
def deployer(tmp_path: Path) -> Iterator[Deployer]:
    made = Deployer(tmp_path)
    yield made
    made.organisation.runs.stop()
