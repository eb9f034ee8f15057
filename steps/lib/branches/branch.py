"""The branches of a repository: where they are, and who is not done with them yet.

https://learn.microsoft.com/rest/api/azure/devops/git/refs/list
"""
from __future__ import annotations

from dataclasses import dataclass

from steps.lib.azure_devops.client import AzureDevOps
from steps.lib.azure_devops.pull_requests import PULL_REQUESTS
from steps.lib.azure_devops.repositories import BRANCHES, REFS, Repository, repository
from steps.lib.errors import InputError

PREFIXES = "feature/"


@dataclass(frozen=True)
class Branch:
    """`ref` is the full name, `tip` the commit it was seen at."""

    ref: str
    tip: str
    is_locked: bool = False

    @property
    def name(self) -> str:
        return self.ref.removeprefix(BRANCHES)


def prefixes_in(written: str) -> tuple[str, ...]:
    """What names of branches begin with that may be deleted, from a list with commas; `feature/` where it is empty."""
    return tuple(prefix.strip() for prefix in (written.strip() or PREFIXES).split(",") if prefix.strip())


def find_repository(devops: AzureDevOps, project: str, name: str) -> Repository:
    """Exactly that one: the service also takes an id, and leads a former name to a repository renamed since."""
    found = repository(devops, project, name)
    if found.name != name:
        message = (f"repository {project}/{name}: the service gives {found.name!r}, expected {name!r}, by which the "
                   "clusters of its branches are known; set REPOSITORY_NAME to the name it has now")
        raise InputError([message])
    return found


def branches(devops: AzureDevOps, where: Repository) -> list[Branch]:
    """Every branch; an InputError where the default one is not among them.

    Then what was read is not the whole, and everything that looks deleted may be there.
    """
    rows = devops.pages(REFS, route=where.route, query={"filter": "heads/", "$top": 1000})
    found = [Branch(str(row["name"]), str(row["objectId"]), bool(row.get("isLocked"))) for row in rows
             if str(row["name"]).startswith(BRANCHES)]
    if where.default_branch not in {branch.ref for branch in found}:
        message = (f"repository {where.project}/{where.name}: its default branch {where.default_branch!r} is not among "
                   f"the {len(found)} branches that are shown, expected it there; nothing is cleaned up: choose the "
                   "default branch, or let an administrator give the pipeline's identity Read on the repository")
        raise InputError([message])
    return found


def refs_in_review(devops: AzureDevOps, where: Repository) -> set[str]:
    """Sources and targets of pull requests that are open."""
    query = {"searchCriteria.status": "active"}
    rows = devops.windows(PULL_REQUESTS, route=where.route, query=query)
    return {str(row.get(key)) for row in rows for key in ("sourceRefName", "targetRefName")}
