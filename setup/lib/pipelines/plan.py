"""What has to happen so that a product has its pipelines and environments, as data that can be shown."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from setup.lib.pipelines.check_plan import CheckChange
from setup.lib.pipelines.wanted import PipelineKind
from steps.lib.azure_devops.checks import Resource

# As the pages of Azure DevOps call them.
_WORDS = {"variablegroup": "variable group", "queue": "agent pool", "endpoint": "service connection of"}


@dataclass(frozen=True)
class PipelinePlan:
    """`number` 0: to be created. `differs` says what somebody changed in a pipeline of ours.

    `close`: contributors are to be kept from editing it.
    """

    kind: PipelineKind
    name: str
    number: int = 0
    differs: tuple[str, ...] = ()
    close: bool = False


@dataclass(frozen=True)
class EnvironmentPlan:
    """`resource` None: to be created."""

    name: str
    resource: Resource | None
    checks: Sequence[CheckChange]


@dataclass(frozen=True)
class PermissionPlan:
    """`name` and `kind` of the resource; `pipelines` are the names of those that are to be let in.

    `everyone`: it is open to every pipeline of the project, which only a person should change.
    """

    kind: str
    name: str
    pipelines: tuple[str, ...]
    everyone: bool = False

    @property
    def thing(self) -> str:
        return f"use of {_WORDS.get(self.kind, self.kind)} {self.name}"


@dataclass(frozen=True)
class Plan:
    pipelines: Sequence[PipelinePlan]
    environments: Sequence[EnvironmentPlan]
    permissions: Sequence[PermissionPlan]

    @property
    def count(self) -> int:
        """How many changes wait."""
        return (sum((one.number == 0) + one.close for one in self.pipelines)
                + sum((one.resource is None) + len(one.checks) for one in self.environments)
                + sum(len(one.pipelines) for one in self.permissions))

    def lines(self) -> Iterator[str]:
        for pipeline in self.pipelines:
            state = "unchanged" if pipeline.number else "create"
            yield f"{state}: pipeline {pipeline.name} ({pipeline.kind.yaml_path})"
            yield from (f"  differs: {one}" for one in pipeline.differs)
            if pipeline.close:
                yield "  close: its editing by contributors, whose variables would reach every step"
        for environment in self.environments:
            state = "create" if environment.resource is None else "edit" if environment.checks else "unchanged"
            yield f"{state}: environment {environment.name}"
            yield from (f"  {change}" for change in environment.checks)
        for permission in self.permissions:
            state = f"authorise {', '.join(permission.pipelines)}" if permission.pipelines else "unchanged"
            yield f"{state}: {permission.thing}"
            if permission.everyone:
                yield "  differs: is open to all pipelines of the project"
