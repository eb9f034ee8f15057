"""Repositories of an organization, and what lies on their branches.

https://learn.microsoft.com/rest/api/azure/devops/git/repositories
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from steps.lib.azure_devops.client import AzureDevOps

PROJECTS = "603fe2ac-9723-48b9-88ad-09305aa6c6e1"
REPOSITORIES = "225f7195-f9c7-4d14-ab28-a83f7ff77e1f"
REFS = "2d874a60-a811-4f62-9c9f-963a6ea0a55b"
ITEMS = "fb93c0db-47ed-4a31-8c20-47552878fb44"
BRANCHES = "refs/heads/"


@dataclass(frozen=True)
class Repository:
    """`default_branch` is a whole ref such as `refs/heads/main`; empty where the service names none."""

    id: str
    name: str
    project_id: str
    project: str
    default_branch: str = ""
    disabled: bool = False
    web_url: str = ""

    @property
    def route(self) -> dict[str, str]:
        """What addresses it: its ids, which no other repository has and no name has to be escaped for."""
        return {"project": self.project_id, "repositoryId": self.id}


@dataclass(frozen=True)
class Entry:
    """What lies at a path: a file of content `object_id`, or a folder."""

    object_id: str
    is_folder: bool


def repository(devops: AzureDevOps, project: str, name: str) -> Repository:
    """The repository that the service gives for `name`; a NotFound where it has none.

    Look at the name that came back: an id is taken for a name, and a former name leads to a renamed repository.
    """
    row = devops.send("GET", REPOSITORIES, route={"project": project, "repositoryId": name})
    return _repository(row)


def repositories(devops: AzureDevOps, project: str) -> Iterator[Repository]:
    """All of the project that the identity may see, disabled ones too, which no other call gives."""
    return map(_repository, devops.pages(REPOSITORIES, route={"project": project}))


def projects(devops: AzureDevOps) -> dict[str, str]:
    """Ids by name, of the projects that the identity may see."""
    return {str(row["name"]): str(row["id"]) for row in devops.pages(PROJECTS, query={"$top": 1000})}


def refs(devops: AzureDevOps, where: Repository, prefix: str) -> dict[str, str]:
    """Commits by ref, of those that begin with `prefix`, such as `refs/heads/feature/`."""
    query = {"filter": prefix.removeprefix("refs/"), "$top": 1000}
    rows = devops.pages(REFS, route=where.route, query=query)
    return {str(row["name"]): str(row["objectId"]) for row in rows if str(row["name"]).startswith(prefix)}


def tree(devops: AzureDevOps, where: Repository, commit: str) -> dict[str, Entry]:
    """Every file and folder of `commit` by its path, without a slash at the beginning."""
    query = {"scopePath": "/", "recursionLevel": "full", **_version(commit)}
    rows = devops.pages(ITEMS, route=where.route, query=query)
    entries = {str(row["path"]).strip("/"): _entry(row) for row in rows}
    entries.pop("", None)
    return entries


def text(devops: AzureDevOps, where: Repository, commit: str, path: str) -> str:
    """The content of a text file."""
    query = {"path": f"/{path}", "includeContent": True, "$format": "json", **_version(commit)}
    row = devops.send("GET", ITEMS, route=where.route, query=query)
    return str(row.get("content", ""))


def _version(commit: str) -> dict[str, str]:
    return {"versionDescriptor.versionType": "commit", "versionDescriptor.version": commit}


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(str(row["objectId"]), bool(row.get("isFolder", False)))


def _repository(row: Mapping[str, Any]) -> Repository:
    project = row["project"]
    return Repository(str(row["id"]), str(row["name"]), str(project["id"]), str(project["name"]),
                      str(row.get("defaultBranch") or ""), bool(row.get("isDisabled", False)),
                      str(row.get("webUrl") or ""))
