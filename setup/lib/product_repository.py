"""Finds the repository that is to be set up: exactly the one that was named, or an error that says which there are."""
from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from setup.lib.settings import SetupSettings
from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.errors import NotFound, PermissionDenied
from steps.lib.azure_devops.repositories import (
    BRANCHES,
    Repository,
    projects,
    refs,
    repositories,
    repository,
)
from steps.lib.errors import InputError
from steps.lib.findings import Finding, nearest
from steps.lib.wording import got

FIRST_BRANCH = "refs/heads/main"
_LISTED = 5
# Whatever else a name holds may end or divide the path of an address; a list of all repositories is asked then.
_SAFE_IN_A_PATH = re.compile(r"\w(?:[\w .()'&!@~-]*[\w()'&!@~-])?")


@dataclass(frozen=True)
class ProductRepository:
    """`default_branch` is a whole ref, also of an empty repository, where it is the one to begin with.

    `head` is the commit of that branch; empty in an empty repository.
    """

    repository: Repository
    default_branch: str
    head: str

    @property
    def is_empty(self) -> bool:
        return not self.head

    @property
    def id(self) -> str:
        return self.repository.id

    @property
    def name(self) -> str:
        return self.repository.name

    @property
    def project_id(self) -> str:
        return self.repository.project_id

    @property
    def project(self) -> str:
        return self.repository.project

    @property
    def web_url(self) -> str:
        return self.repository.web_url

    @property
    def branch_name(self) -> str:
        """The default branch without `refs/heads/`."""
        return self.default_branch.removeprefix(BRANCHES)


class UnknownRepositoryError(InputError):
    """Nothing of this name is there for this identity: missing, or hidden."""


def find_product(devops: AzureDevOps, settings: SetupSettings) -> ProductRepository:
    """The product's repository as it is now; an InputError where it is unknown, unusable or this library."""
    found = _found(devops, settings.remote_project, settings.remote_repository)
    if _same(found.project, settings.cicd_project) and _same(found.name, settings.cicd_repository):
        problem = "is this library itself, expected that of a product; name that one, or make it first"
        raise InputError([Finding("environment", path=f"REMOTE_REPO_NAME: repository {got(found.name)}",
                                  problem=problem)])
    if found.disabled:
        problem = "is disabled; enable it in Project settings > Repositories > Settings, or name another one"
        raise InputError([Finding(f"repository {settings.product}", problem=problem)])
    head = found.default_branch and refs(devops, found, found.default_branch).get(found.default_branch)
    if head:
        return ProductRepository(found, found.default_branch, head)
    if refs(devops, found, BRANCHES):
        default = found.default_branch
        named = f"its default branch {default!r} does not exist" if default else "none of them is the default one"
        problem = (f"has branches, but {named}, expected one to copy to; choose it in Repos > Branches > More options "
                   "> Set as default branch")
        raise InputError([Finding(f"repository {settings.product}", problem=problem)])
    return ProductRepository(found, found.default_branch or FIRST_BRANCH, "")


def _found(devops: AzureDevOps, project: str, name: str) -> Repository:
    if not (_SAFE_IN_A_PATH.fullmatch(project) and _SAFE_IN_A_PATH.fullmatch(name)):
        return _listed(devops, project, name)
    try:
        found = repository(devops, project, name)
    except (NotFound, PermissionDenied) as error:
        if isinstance(error, PermissionDenied) and _match(project, projects(devops)):
            raise
        return _listed(devops, project, name)
    same = _same(found.name, name) and _same(found.project, project)
    return found if same else _listed(devops, project, name)


def _listed(devops: AzureDevOps, project: str, name: str) -> Repository:
    """For names that no address takes, and for disabled repositories, which only the list has."""
    known_projects = projects(devops)
    owner = _match(project, known_projects)
    if owner is None:
        raise _unknown(project, known_projects, path="REMOTE_PROJECT: project", kind="a project of the organization")
    known = {one.name: one for one in repositories(devops, known_projects[owner])}
    match = _match(name, known)
    if match is None:
        raise _unknown(name, known, path="REMOTE_REPO_NAME: repository", kind=f"a repository of project {owner!r}")
    return known[match]


def _unknown(name: str, known: Iterable[str], *, path: str, kind: str) -> UnknownRepositoryError:
    names = sorted(known)
    offered = nearest(name, names) or (f"; there are {_some(names)}" if names else "; this identity sees none at all")
    problem = f"not found, or hidden from this identity, expected {kind}{offered}"
    return UnknownRepositoryError([Finding("environment", path=f"{path} {got(name)}", problem=problem)])


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(map(got, names[:_LISTED])) + more


def _match(name: str, known: Iterable[str]) -> str | None:
    return next((one for one in known if _same(one, name)), None)


def _same(one: str, other: str) -> bool:
    """Names of the service differ in more than their case, or not at all."""
    return one.casefold() == other.casefold()
