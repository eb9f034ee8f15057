"""Checks: what a stage has to pass before it may use a protected resource. They hang on the resource, not on YAML.

https://learn.microsoft.com/azure/devops/pipelines/process/approvals
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from sandbox.azure_devops.projects.resources import Resource
from sandbox.pipelines.request import StageEntry
from sandbox.pipelines.triggers import matches

THIRTY_DAYS = 43200.0


@dataclass(frozen=True)
class BranchControl:
    """`self` and every repository resource of the run have to be at one of these refs: full names, `*` and `?`."""

    allowed: Sequence[str]

    def refusal(self, entry: StageEntry) -> str | None:
        for commit in entry.sources:
            if not any(matches(pattern, commit.ref) for pattern in self.allowed):
                return f"{commit.repository} is at {commit.ref!r}, allowed are {', '.join(self.allowed)}"
        return None


@dataclass(frozen=True)
class RequiredTemplate:
    """The pipeline has to extend this file of this repository at exactly this ref."""

    repository: str
    ref: str
    path: str

    def refusal(self, entry: StageEntry) -> str | None:
        path = self.path.lstrip("/")
        for template in entry.extends:
            same = template.repository.casefold() == self.repository.casefold()
            if same and template.ref == self.ref and template.path == path:
                return None
        return f"the pipeline does not extend {path} of {self.repository} at {self.ref}"


@dataclass(frozen=True)
class Approver:
    """A person, or a group of which one member is enough; `members` are e-mail addresses."""

    name: str
    members: frozenset[str]

    def has(self, email: str) -> bool:
        return email.casefold() in {member.casefold() for member in self.members}


@dataclass(frozen=True)
class Approval:
    """`minimum` approvers have to agree, all of them where it is 0. `phase` is a name in `locks.CHECK_ORDER`."""

    approvers: Sequence[Approver]
    minimum: int = 0
    in_sequence: bool = False
    requester_may_approve: bool = True
    instructions: str = ""
    timeout_minutes: float = THIRTY_DAYS
    phase: str = "dynamic"


@dataclass(frozen=True)
class ExclusiveLock:
    """One stage at a time, over all runs, uses the resource."""


Check: TypeAlias = "BranchControl | RequiredTemplate | Approval | ExclusiveLock"


@dataclass
class Protection:
    """The checks of all resources, each with a number of its own."""

    _checks: dict[int, tuple[Resource, Check]] = field(default_factory=dict)

    def add(self, resource: Resource, check: Check) -> int:
        """Like the service's POST, this does not look whether the same check is there already."""
        number = max(self._checks, default=0) + 1
        self._checks[number] = (resource, check)
        return number

    def remove(self, number: int) -> None:
        del self._checks[number]

    def of(self, resource: Resource) -> list[Check]:
        return [check for _, check in self.each(resource)]

    def each(self, resource: Resource) -> Iterator[tuple[int, Check]]:
        """The checks of `resource` with their numbers, oldest first."""
        for number, (owner, check) in list(self._checks.items()):
            if owner.key == resource.key:
                yield number, check
