"""Computes the plan of a product's pipelines and environments: plain data in, plain data out."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from setup.lib.pipelines.check_plan import check_changes
from setup.lib.pipelines.plan import EnvironmentPlan, PermissionPlan, PipelinePlan, Plan
from setup.lib.pipelines.present import Present
from setup.lib.pipelines.team_environments import Guard
from setup.lib.pipelines.wanted import KINDS, PipelineKind, environment_checks, environment_name
from setup.lib.product_repository import ProductRepository
from setup.lib.release import Release
from steps.lib.azure_devops.checks import Resource
from steps.lib.azure_devops.definitions import FROM_YAML, yaml_path_of
from steps.lib.azure_devops.pipeline_permissions import Authorised

_HARMLESS = ("queue", "repository")
_OF_AN_ENVIRONMENT = ("variablegroup", "endpoint")


@dataclass(frozen=True)
class Wanted:
    """What the plan is made from besides what is there. `people`: storage keys of approvers by name in lower case."""

    product: ProductRepository
    release: Release
    guards: Mapping[str, Guard]
    people: Mapping[str, str]


def plan_of(wanted: Wanted, present: Present) -> Plan:
    pipelines = [_pipeline(kind, wanted.product, present) for kind in KINDS]
    environments = [_environment(name, wanted, present)
                    for kind in KINDS if kind.promotes for name in kind.environments]
    return Plan(pipelines, environments, list(_permissions(pipelines, environments, present)))


def pipeline_of(kind: PipelineKind, product: ProductRepository, present: Present) -> Mapping[str, Any] | None:
    """The pipeline that runs our YAML, however people call it and wherever they moved it: the oldest, if several."""
    same = [one for one in present.definitions if yaml_path_of(one) == kind.yaml_path]
    exact = [one for one in same if str(one["name"]).casefold() == kind.pipeline_name(product.name).casefold()]
    return min(exact or same, key=lambda one: int(one["id"]), default=None)


def _pipeline(kind: PipelineKind, product: ProductRepository, present: Present) -> PipelinePlan:
    found = pipeline_of(kind, product, present)
    has_group = present.shared.contributors is not None
    if found is None:
        return PipelinePlan(kind, kind.pipeline_name(product.name), close=has_group)
    number = int(found["id"])
    return PipelinePlan(kind, str(found["name"]), number, tuple(_differences(kind, product, found)),
                        close=has_group and not present.closed.get(number, False))


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
    if kind.name == "cluster" and not any(one.get("settingsSourceType") == FROM_YAML for one in triggers):
        yield "has triggers of its own, expected those of its YAML"
    if found.get("variables"):
        yield f"has variables of its own ({', '.join(found['variables'])}), which reach every step, expected none"


def _environment(environment: str, wanted: Wanted, present: Present) -> EnvironmentPlan:
    name = environment_name(wanted.product.name, environment)
    resource = present.environment(name)
    checks = environment_checks(wanted.guards[environment], wanted.product.default_branch, wanted.release,
                                wanted.people)
    known = present.checks.get(resource.id, ()) if resource else ()
    return EnvironmentPlan(name, resource, check_changes(checks, known))


def _permissions(pipelines: Sequence[PipelinePlan], environments: Sequence[EnvironmentPlan],
                 present: Present) -> Iterator[PermissionPlan]:
    promoting = [one for one in pipelines if one.kind.promotes]
    for environment in environments:
        yield _permission("environment", environment.name, environment.resource, promoting, present)
    for resource in present.shared.resources():
        users = [one for one in pipelines
                 if resource.kind not in _OF_AN_ENVIRONMENT or resource.name.casefold() in one.kind.groups]
        yield _permission(resource.kind, resource.name, resource, users, present)


def _permission(kind: str, name: str, resource: Resource | None, users: Sequence[PipelinePlan],
                present: Present) -> PermissionPlan:
    known = present.users_of(resource) if resource else Authorised(frozenset())
    # Agents and this library are no secret: where everyone may use them already, nothing is to be done.
    if known.everyone and kind in _HARMLESS:
        return PermissionPlan(kind, name, ())
    missing = tuple(one.name for one in users if one.number not in known.pipelines)
    return PermissionPlan(kind, name, missing, everyone=known.everyone)
