"""The embedded Azure DevOps with the repository `churn`, as clients see it."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sandbox.azure_devops.git.bare_repository import Author, BareRepository, File
from sandbox.azure_devops.organisation import Names, Organisation
from sandbox.http.server import Server
from sandbox.pipelines.request import Identity

_JUDGE = Identity("Judge", "judge@example.test")
_TOKEN = "judges-git-token"


@dataclass(frozen=True)
class GitPlace:
    """`first` is the commit of `main` and of the tag `v1`, `second` of `feature/x`; `token` is a contributor's."""

    organisation: Organisation
    address: str
    url: str
    token: str
    first: str
    second: str

    @property
    def repository(self) -> BareRepository:
        return self.organisation.home.repositories["churn"]


@contextmanager
def git_place(folder: Path) -> Iterator[GitPlace]:
    organisation = Organisation(folder, {}, Names("org", "project"))
    organisation.accounts.add(_JUDGE, _TOKEN)
    contributors = organisation.directory.find("[project]\\Contributors")
    assert contributors is not None
    organisation.directory.join(organisation.directory.add_user(_JUDGE), contributors)
    repository = organisation.home.create_repository("churn")
    first, second = _commit(repository, "refs/heads/main", "one\n"), _commit(repository, "refs/heads/feature/x", "x\n")
    repository.point("refs/tags/v1", first)
    with Server(organisation.application) as server:
        organisation.address = server.url
        yield GitPlace(organisation, server.url, f"{server.url}/org/project/_git/churn", _TOKEN, first, second)
    organisation.close()


def _commit(repository: BareRepository, ref: str, text: str) -> str:
    files = {"README.md": File(text.encode()),
             "notebooks/train.py": File(b"# Databricks notebook source\nprint(1)\n")}
    return repository.commit_files(ref, files, message="change", author=Author(_JUDGE.name, _JUDGE.email))
