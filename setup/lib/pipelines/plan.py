"""What has to happen so that a product has its pipelines and environments: computed from plain data, then shown."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from setup.lib.pipelines.check_plan import CheckChange, check_changes
from setup.lib.pipelines.present import Present, protected_by_all
from setup.lib.pipelines.team_environments import Guard
from setup.lib.pipelines.wanted import KINDS, PipelineKind, Release, environment_checks, environment_name
from setup.lib.product_repository import ProductRepository
from steps.lib.azure_devops.checks import Resource
from steps.lib.azure_devops.definitions import yaml_path_of
from steps.lib.azure_devops.pipeline_permissions import Authorised
from steps.lib.findings import Finding


@dataclass(frozen=True)
class PipelinePlan:
    """`number` 0: to be created. `differs` says what somebody changed in a pipeline of ours."""

    kind: PipelineKind
    name: str
    number: int = 0
    differs: tuple[str, ...] = ()


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


@dataclass(frozen=True)
class Plan:
    pipelines: Sequence[PipelinePlan]
    environments: Sequence[EnvironmentPlan]
    permissions: Sequence[PermissionPlan]

    @property
    def count(self) -> int:
        """How many changes wait."""
        return (sum(one.number == 0 for one in self.pipelines)
                + sum((one.resource is None) + len(one.checks) for one in self.environments)
                + sum(len(one.pipelines) for one in self.permissions))

    def lines(self) -> Iterator[str]:
        for pipeline in self.pipelines:
            yield f"{'unchanged' if pipeline.number else 'create'}: pipeline {pipeline.name} ({pipeline.kind.yaml_path})"
            yield from (f"  differs: {one}" for one in pipeline.differs)
        for environment in self.environments:
            state = "create" if environment.resource is None else "edit" if environment.checks else "unchanged"
            yield f"{state}: environment {environment.name}"
            yield from (f"  {change}" for change in environment.checks)
        for permission in self.permissions:
            state = f"authorise {', '.join(permission.pipelines)}" if permission.pipelines else "unchanged"
            yield f"{state}: {permission.kind} {permission.name}"
            if permission.everyone:
                yield "  differs: is open to all pipelines of the project"


@dataclass(frozen=True)
class Wanted:
    """What the plan is made from besides what is there. `people`: storage keys of approvers by name in lower case."""

    product: ProductRepository
    release: Release
    guards: Mapping[str, Guard]
    people: Mapping[str, str]


def obstacles(wanted: Wanted, present: Present) -> list[Finding]:
    """What stops the set-up before any write: names that somebody else has, groups that nobody made."""
    return [*_foreign_pipelines(wanted, present), *_missing_groups(wanted, present)]


def plan_of(wanted: Wanted, present: Present) -> Plan:
    pipelines = [_pipeline(kind, wanted.product, present) for kind in KINDS]
    environments = [_environment(name, wanted, present)
                    for kind in KINDS if kind.promotes for name in kind.environments]
    return Plan(pipelines, environments, list(_permissions(pipelines, environments, wanted, present)))


def _foreign_pipelines(wanted: Wanted, present: Present) -> Iterator[Finding]:
    product = wanted.product
    for one in present.namesakes:
        repository = str((one.get("repository") or {}).get("id", "")).lower()
        kind = next(kind for kind in KINDS if kind.pipeline_name(product.name).casefold() == str(one["name"]).casefold())
        if _ours(kind, product, present) is None and (
                repository != product.id.lower() or yaml_path_of(one) != kind.yaml_path):
            problem = (f"pipeline {one['name']!r} is there and runs {yaml_path_of(one) or 'no YAML'!r} of another "
                       f"repository or path, expected {kind.yaml_path!r} of {product.name!r}; rename or delete it")
            yield Finding(f"project {product.project}", problem=problem)


def _missing_groups(wanted: Wanted, present: Present) -> Iterator[Finding]:
    for name in (name for kind in KINDS for name in kind.groups):
        if present.group(name) is None:
            problem = (f"variable group {name!r} is missing or hidden, expected one for each target environment; let an "
                       "administrator run 'python -m setup.bootstrap' for this project, or grant its Reader role")
            yield Finding(f"project {wanted.product.project}", problem=problem)


def _ours(kind: PipelineKind, product: ProductRepository, present: Present) -> Mapping[str, Any] | None:
    """The pipeline that runs our YAML, however people call it and wherever they moved it: the oldest, if several."""
    same = [one for one in present.definitions if yaml_path_of(one) == kind.yaml_path]
    exact = [one for one in same if str(one["name"]).casefold() == kind.pipeline_name(product.name).casefold()]
    return min(exact or same, key=lambda one: int(one["id"]), default=None)


def _pipeline(kind: PipelineKind, product: ProductRepository, present: Present) -> PipelinePlan:
    found = _ours(kind, product, present)
    if found is None:
        return PipelinePlan(kind, kind.pipeline_name(product.name))
    return PipelinePlan(kind, str(found["name"]), int(found["id"]), tuple(_differences(kind, product, found)))


def _differences(kind: PipelineKind, product: ProductRepository, found: Mapping[str, Any]) -> Iterator[str]:
    wanted_name = kind.pipeline_name(product.name)
    if str(found["name"]).casefold() != wanted_name.casefold():
        yield f"is called {found['name']!r}, expected {wanted_name!r}"
    if str(found.get("queueStatus", "enabled")) != "enabled":
        yield f"is {found['queueStatus']}, expected enabled"
    branch = str((found.get("repository") or {}).get("defaultBranch") or product.default_branch)
    if branch.removeprefix("refs/heads/") != product.branch_name:
        yield f"runs by hand from {branch!r}, expected {product.default_branch!r}"
    triggers = found.get("triggers") or []
    if kind.name == "cluster" and not any(one.get("settingsSourceType") == 2 for one in triggers):
        yield "has triggers of its own, expected those of its YAML"


def _environment(environment: str, wanted: Wanted, present: Present) -> EnvironmentPlan:
    name = environment_name(wanted.product.name, environment)
    resource = present.environment(name)
    checks = environment_checks(wanted.guards[environment], wanted.product.default_branch, wanted.release, wanted.people)
    known = present.checks.get(resource.id, ()) if resource else ()
    return EnvironmentPlan(name, resource, check_changes(checks, known))


def _permissions(pipelines: Sequence[PipelinePlan], environments: Sequence[EnvironmentPlan], wanted: Wanted,
                 present: Present) -> Iterator[PermissionPlan]:
    promoting = [one for one in pipelines if one.kind.promotes]
    for environment in environments:
        yield _permission("environment", environment.name, environment.resource, promoting, present)
    for resource in protected_by_all(present, wanted.release):
        users = [one for one in pipelines
                 if resource.kind != "variablegroup" or resource.name.casefold() in one.kind.groups]
        yield _permission(resource.kind, resource.name, resource, users, present)


def _permission(kind: str, name: str, resource: Resource | None, users: Sequence[PipelinePlan],
                present: Present) -> PermissionPlan:
    known = present.authorised.get(resource, Authorised(frozenset())) if resource else Authorised(frozenset())
    missing = tuple(one.name for one in users if one.number not in known.pipelines)
    return PermissionPlan(kind, name, missing, everyone=known.everyone and kind not in ("queue", "repository"))
