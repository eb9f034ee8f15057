"""Checks: what a stage has to pass before it may use a protected resource. They hang on the resource, not on YAML.

https://learn.microsoft.com/azure/devops/pipelines/process/approvals
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sandbox.azure_devops.projects.resources import Resource
from sandbox.pipelines.request import StageEntry
from sandbox.pipelines.triggers import matches

THIRTY_DAYS = 43200.0

FindRepository: TypeAlias = "Callable[[str], Resource | None]"
"""What a pipeline means by the name of a repository; None where there is none."""


@dataclass(frozen=True)
class BranchControl:
    """`self` and every repository resource of the run have to be at one of these refs: full names, `*` and `?`."""

    allowed: Sequence[str]

    def refusal(self, entry: StageEntry, _: FindRepository) -> str | None:
        for commit in entry.sources:
            if not any(matches(pattern, commit.ref) for pattern in self.allowed):
                return f"{commit.repository} is at {commit.ref!r}, allowed are {', '.join(self.allowed)}"
        return None


@dataclass(frozen=True)
class TemplateFile:
    """A file of a repository, `project/name` or the name alone, at exactly this ref."""

    repository: str
    ref: str
    path: str

    def __str__(self) -> str:
        return f"{self.path.lstrip('/')} of {self.repository} at {self.ref}"


@dataclass(frozen=True)
class RequiredTemplate:
    """The pipeline has to extend one of these files.

    Repositories are compared as things, not as names: one of another project may be called the same.
    """

    allowed: Sequence[TemplateFile]

    def refusal(self, entry: StageEntry, find: FindRepository) -> str | None:
        for wanted in self.allowed:
            repository = find(wanted.repository)
            for template in entry.extends:
                same_file = (template.ref, template.path) == (wanted.ref, wanted.path.lstrip("/"))
                if same_file and repository and find(template.repository) == repository:
                    return None
        return f"the pipeline does not extend {' or '.join(map(str, self.allowed)) or 'a template of an empty list'}"


@dataclass(frozen=True)
class Approver:
    """A person, or a group of which one member is enough; `members` are sign-in names, `id` that of the directory."""

    name: str
    members: frozenset[str]
    id: str = ""

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
    blocked: Sequence[Approver] = ()

    def bars(self, email: str) -> bool:
        return any(one.has(email) for one in self.blocked)


@dataclass(frozen=True)
class ExclusiveLock:
    """One stage at a time, over all runs, uses the resource."""


@dataclass(frozen=True)
class BrokenCheck:
    """A check that can be read no more, as when an approver left: it lets nobody pass."""

    reason: str

    def refusal(self, _: StageEntry, __: FindRepository) -> str:
        return self.reason


Check: TypeAlias = "BranchControl | RequiredTemplate | Approval | ExclusiveLock | BrokenCheck"
