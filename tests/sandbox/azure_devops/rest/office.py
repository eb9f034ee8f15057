"""A served organisation with three people, as the unmodified `azure-devops` client and raw requests see it."""
from __future__ import annotations

import gc
import importlib
import os
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from sandbox.azure_devops.git.bare_repository import Author, BareRepository, File
from sandbox.azure_devops.identities.directory import Member
from sandbox.azure_devops.organisation import Organisation
from sandbox.azure_devops.projects.project import Project
from sandbox.azure_devops.security.defaults import ADMINISTRATORS, CONTRIBUTORS, READERS
from sandbox.azure_devops.security.namespaces import GIT, repository_token
from sandbox.clock import FakeClock
from sandbox.pipelines.request import Identity

_SECONDS = 60.0
_AUTHOR = Author("Platform Team", "platform@example.com")
PEOPLE = {
    "anna": (Identity("Anna Berg", "anna@example.com"), CONTRIBUTORS),
    "ben": (Identity("Ben Holm", "ben@example.com"), READERS),
    "admin": (Identity("Ada Min", "admin@example.com"), ADMINISTRATORS),
}


@dataclass
class Office:
    """Anna is a contributor of the project `analytics`, Ben a reader, `admin` its administrator.

    `host` is where the organisation is served, without its name.
    """

    organisation: Organisation
    clock: FakeClock
    host: str
    _clients: list[Any] = field(default_factory=list)

    @property
    def project(self) -> Project:
        return self.organisation.home

    @property
    def url(self) -> str:
        return f"{self.host}/{self.organisation.names.organisation}"

    def token(self, person: str) -> str:
        return f"{person}s-token"

    def member(self, person: str) -> Member:
        return self.organisation.directory.of(PEOPLE[person][0])

    def client(self, kind: str, person: str = "anna") -> Any:
        """The unmodified client `kind`: `git`, `build`, `task_agent`, `pipelines_checks`, ..."""
        assert os.environ.get("AZURE_DEVOPS_CACHE_DIR"), "set by the fixture `office`"
        connection = importlib.import_module("azure.devops.connection")
        credentials = importlib.import_module("msrest.authentication").BasicAuthentication("", self.token(person))
        clients = connection.Connection(base_url=self.url, creds=credentials).clients_v7_1
        made = getattr(clients, f"get_{kind}_client")()
        made.config.pipeline._sender.driver.session.hooks["response"].append(_close_empty)
        self._clients.append(made)
        return made

    def close(self) -> None:
        """End the connections that the package keeps for good, and those of answers without content it never reads."""
        for client in self._clients:
            client.config.pipeline._sender.driver.session.close()
        self._clients.clear()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()

    def send(self, method: str, path: str, person: str = "anna", **rest: Any) -> requests.Response:
        """Raw REST: `path` below the organisation; what is not in `json`, `params`, `headers` goes to requests."""
        return requests.request(method, f"{self.url}/{path}", auth=("", self.token(person)), timeout=_SECONDS,
                                allow_redirects=False, **rest)

    def repository(self, name: str = "churn", files: dict[str, bytes] | None = None) -> BareRepository:
        """A repository whose `main` holds `files`; an empty one where there are none."""
        made = self.project.create_repository(name)
        if files:
            content = {path: File(text) for path, text in files.items()}
            made.commit_files("refs/heads/main", content, message="Start", author=_AUTHOR)
        return made

    def grant(self, person: str, *permissions: str, deny: bool = False) -> None:
        """Allow git permissions on every repository of the project, or deny them."""
        bits = sum(GIT.bits[permission] for permission in permissions)
        token = repository_token(self.project.id)
        self.organisation.access.grant(GIT, token, self.member(person), allow=0 if deny else bits,
                                       deny=bits if deny else 0)

    def git_url(self, repository: str, person: str = "anna") -> str:
        """For git, with the person's token."""
        return self.organisation.git_url(repository).replace("://", f"://anyone:{self.token(person)}@")


def _close_empty(answer: requests.Response, **_: object) -> None:
    """The package reads no answer without content, which would leave its connection open until it is collected."""
    if answer.status_code == 204:
        answer.close()


def furnished(folder: Path) -> tuple[Organisation, FakeClock]:
    """An organisation with its people, not yet served."""
    clock = FakeClock()
    made = Organisation(folder, {"PATH": os.environ.get("PATH", os.defpath)}, clock=clock)
    for person, (identity, group_name) in PEOPLE.items():
        made.accounts.add(identity, f"{person}s-token")
        group = made.directory.find(f"[{made.home.name}]\\{group_name}")
        assert group is not None
        made.directory.join(made.directory.add_user(identity), group)
    return made, clock
