"""What `bootstrap` can do, as data: each task says what was found, what will be done, and what only a person can do."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from setup.lib.pipelines.check_plan import CheckChange
from steps.lib.azure_devops.checks import Resource


@dataclass(frozen=True)
class CreateGroup:
    """`body` holds secrets, so it is never shown."""

    body: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class ChangeGroup:
    number: int
    body: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class ChangeCheck:
    project: str
    resource: Resource
    change: CheckChange


@dataclass(frozen=True)
class CloseToEveryone:
    """Take the resource from 'all pipelines'; those let in one by one stay."""

    project: str
    resource: Resource


@dataclass(frozen=True)
class LetIn:
    project: str
    resource: Resource
    pipeline: int


@dataclass(frozen=True)
class CreatePipeline:
    project: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Grant:
    """Bits for a descriptor on a token of a security namespace, merged into what it has."""

    namespace: str
    token: str
    descriptor: str
    allow: int


Action: TypeAlias = "CreateGroup | ChangeGroup | ChangeCheck | CloseToEveryone | LetIn | CreatePipeline | Grant"


@dataclass(frozen=True)
class Task:
    """One thing of the organization. `todo` is what an action does, `by_hand` the click path or command for a person.

    Nothing is left to do where both are empty. An `action` is only there where everything it needs is known: what
    hangs on something that is still to be created is planned again once it is there.
    """

    thing: str
    found: str
    todo: str = ""
    by_hand: str = ""
    action: Action | None = None

    @property
    def is_done(self) -> bool:
        return not self.todo and not self.by_hand
