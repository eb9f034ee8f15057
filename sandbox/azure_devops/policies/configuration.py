"""Branch policies as they are posted: a type, settings, and the branches they hold for."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

# https://learn.microsoft.com/rest/api/azure/devops/policy/types/list
MINIMUM_REVIEWERS = "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd"
MERGE_STRATEGY = "fa4e907d-c16b-4a4c-9dfa-4916e5d171ab"
BUILD = "0609b952-1397-4640-95ec-e00a01b2c241"
STATUS = "cbdc66da-9728-4af8-aada-9a5a32e4a226"
REQUIRED_REVIEWERS = "fd2167ab-b0be-447a-8ec8-39368250530e"
COMMENTS = "c6a1889d-b943-4856-b76f-9e46bb6b0df2"
WORK_ITEMS = "40e92b44-2fe1-4dd6-b3d8-74a9c21d0c6e"
TYPES = {
    MINIMUM_REVIEWERS: "Minimum number of reviewers", MERGE_STRATEGY: "Require a merge strategy", BUILD: "Build",
    STATUS: "Status", REQUIRED_REVIEWERS: "Required reviewers", COMMENTS: "Comment requirements",
    WORK_ITEMS: "Work item linking",
}


@dataclass(frozen=True)
class Branch:
    """A branch by its full name, in a repository by its id."""

    repository: str
    ref: str
    is_default: bool = False


@dataclass(frozen=True)
class Scope:
    """Branches of one repository, or of all of a project where `repository` is empty; a prefix is a folder."""

    repository: str = ""
    ref: str = ""
    kind: str = "exact"

    def holds(self, branch: Branch) -> bool:
        if self.repository and self.repository.casefold() != branch.repository.casefold():
            return False
        if self.kind == "defaultbranch":
            return branch.is_default
        if self.kind == "prefix":
            folder = self.ref.rstrip("/")
            return branch.ref == folder or branch.ref.startswith(f"{folder}/")
        return branch.ref == self.ref


@dataclass(frozen=True)
class Configuration:
    """`creator` is the id of a member, `created` seconds since 1970."""

    id: int
    project: str
    type: str
    blocking: bool
    enabled: bool
    settings: dict[str, Any] = field(default_factory=dict)
    revision: int = 1
    creator: str = ""
    created: float = 0.0

    @property
    def scopes(self) -> Iterator[Scope]:
        for one in self.settings.get("scope") or ():
            yield scope_of(one)

    def holds(self, branch: Branch) -> bool:
        return self.enabled and any(scope.holds(branch) for scope in self.scopes)


def scope_of(posted: Mapping[str, Any]) -> Scope:
    """`matchKind` may be written in any case."""
    return Scope(posted.get("repositoryId") or "", posted.get("refName") or "",
                 str(posted.get("matchKind") or "exact").casefold())
