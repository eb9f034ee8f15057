"""Finds the repository that a person named: exactly that one, or an error that says where to correct it."""
from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.errors import NotFound, PermissionDenied
from steps.lib.azure_devops.repositories import Repository, projects, repositories, repository
from steps.lib.errors import InputError
from steps.lib.findings import Finding, nearest
from steps.lib.wording import got

_LISTED = 5
# Whatever else a name holds may end or divide the path of an address; a list of all repositories is asked then.
_SAFE_IN_A_PATH = re.compile(r"\w(?:[\w .()'&!@~-]*[\w()'&!@~-])?")


@dataclass(frozen=True)
class Place:
    """Where a person wrote the name of a project, and that of its repository: findings without a problem yet."""

    project: Finding
    repository: Finding


# What the set-up pipeline is told, under the names of its variables.
PRODUCT = Place(Finding("environment", path="REMOTE_PROJECT"), Finding("environment", path="REMOTE_REPO_NAME"))
LIBRARY = Place(Finding("environment", path="CICD_PROJECT"), Finding("environment", path="CICD_REPOSITORY"))


class UnknownRepositoryError(InputError):
    """Nothing of this name is there for this identity: missing, or hidden."""


def named_repository(devops: AzureDevOps, project: str, name: str, place: Place) -> Repository:
    """An UnknownRepositoryError where nothing has exactly this name, apart from its case; an InputError if disabled."""
    found = _found(devops, project, name, place)
    if found.disabled:
        problem = "is disabled; enable it in Project settings > Repositories > Settings, or name another one"
        raise InputError([Finding(f"repository {found.project}/{found.name}", problem=problem)])
    return found


def is_same(one: str, other: str) -> bool:
    """Names of the service differ in more than their case, or not at all."""
    return one.casefold() == other.casefold()


def about(place: Finding, kind: str, name: str, problem: str) -> Finding:
    """What is wrong with the `kind` called `name` that is written at `place`."""
    path = ": ".join(part for part in (place.path, f"{kind} {got(name)}") if part)
    return replace(place, path=path, problem=problem)


def _found(devops: AzureDevOps, project: str, name: str, place: Place) -> Repository:
    if not (_SAFE_IN_A_PATH.fullmatch(project) and _SAFE_IN_A_PATH.fullmatch(name)):
        return _listed(devops, project, name, place)
    try:
        found = repository(devops, project, name)
    except (NotFound, PermissionDenied) as error:
        if isinstance(error, PermissionDenied) and _match(project, projects(devops)):
            raise
        return _listed(devops, project, name, place)
    same = is_same(found.name, name) and is_same(found.project, project)
    return found if same else _listed(devops, project, name, place)


def _listed(devops: AzureDevOps, project: str, name: str, place: Place) -> Repository:
    """For names that no address takes, and for disabled repositories, which only the list has."""
    known_projects = projects(devops)
    owner = _match(project, known_projects)
    if owner is None:
        problem = _problem(project, known_projects, "a project of the organization")
        raise UnknownRepositoryError([about(place.project, "project", project, problem)])
    known = {one.name: one for one in repositories(devops, known_projects[owner])}
    match = _match(name, known)
    if match is None:
        problem = _problem(name, known, f"a repository of project {owner!r}")
        raise UnknownRepositoryError([about(place.repository, "repository", name, problem)])
    return known[match]


def _problem(name: str, known: Iterable[str], expected: str) -> str:
    names = sorted(known)
    offered = nearest(name, names) or (f"; there are {_some(names)}" if names else "; this identity sees none at all")
    return f"not found, or hidden from this identity, expected {expected}{offered}"


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(map(got, names[:_LISTED])) + more


def _match(name: str, known: Iterable[str]) -> str | None:
    return next((one for one in known if is_same(one, name)), None)
