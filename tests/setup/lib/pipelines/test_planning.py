from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from setup.lib.pipelines.obstacles import obstacles
from setup.lib.pipelines.plan import Plan
from setup.lib.pipelines.planning import Wanted, plan_of
from setup.lib.pipelines.present import Present, Shared, library_resource
from setup.lib.pipelines.team_environments import ApprovalRule, Approver, Guard
from setup.lib.pipelines.wanted import CLUSTER, JOBS, environment_checks
from setup.lib.product_repository import ProductRepository
from setup.lib.release import Release
from steps.lib.azure_devops.checks import Resource
from steps.lib.azure_devops.pipeline_permissions import Authorised
from steps.lib.azure_devops.repositories import Repository

PRODUCT = ProductRepository(Repository("r1", "churn", "p1", "analytics"), "refs/heads/main", "0" * 40)
RELEASE = Release(Repository("r2", "cicd", "p2", "platform"), "refs/tags/v1", ("refs/tags/v1",))
RULE = ApprovalRule((Approver("Leads", 3),), minimum=1, in_sequence=False, requester_may=False, instructions="",
                    timeout=60)
GUARDS = {"dev": Guard(True, None, None), "test": Guard(True, None, None), "prod": Guard(True, None, RULE)}
WANTED = Wanted(PRODUCT, RELEASE, GUARDS, {"leads": "key-of-leads"})
GROUPS = {f"brickline-{name}": {"id": number, "name": f"brickline-{name}"}
          for number, name in enumerate(("local", "dev", "test", "prod"), start=1)}
QUEUE = Resource("queue", "7", "Azure Pipelines")
SHARED = Shared(GROUPS, QUEUE, library_resource(RELEASE))
EMPTY = Present(SHARED)


def definition(number: int, kind: Any, **changed: Any) -> dict[str, Any]:
    return {"id": number, "name": kind.pipeline_name("churn"), "queueStatus": "enabled",
            "process": {"type": 2, "yamlFilename": f"/{kind.yaml_path}"},
            "repository": {"id": "R1", "defaultBranch": "refs/heads/main"},
            "triggers": [{"settingsSourceType": 2, "triggerType": "continuousIntegration"}], **changed}


def complete() -> Present:
    """Everything as the plan wants it."""
    definitions = [definition(47, CLUSTER), definition(48, JOBS)]
    environments = {f"churn-{name}": {"id": number, "name": f"churn-{name}"}
                    for number, name in enumerate(("dev", "test", "prod"), start=1)}
    everybody = Authorised(frozenset({47, 48}))
    shared = replace(SHARED, authorised=dict.fromkeys(SHARED.resources(), everybody))
    present = Present(shared, definitions, definitions, environments)
    checks = {str(number): [
        {"id": number * 10 + index, **check.body(Resource("environment", str(number)))} for index, check
        in enumerate(environment_checks(GUARDS[name], "refs/heads/main", RELEASE, WANTED.people))]
        for number, name in enumerate(("dev", "test", "prod"), start=1)}
    users = {one: everybody for name in environments if (one := present.environment(name))}
    return replace(present, checks=checks, authorised=users)


def lines(plan: Plan) -> list[str]:
    return list(plan.lines())


def test_first_run_creates_everything() -> None:
    plan = plan_of(WANTED, EMPTY)
    assert [(one.name, one.number) for one in plan.pipelines] == [("churn-cluster", 0), ("churn-jobs", 0)]
    assert [one.name for one in plan.environments] == ["churn-dev", "churn-test", "churn-prod"]
    assert "create: approval" in map(str, plan.environments[2].checks)
    assert "create: approval" not in map(str, plan.environments[0].checks)


def test_second_run_finds_nothing_to_do() -> None:
    plan = plan_of(WANTED, complete())
    assert plan.count == 0
    assert all(line.startswith("unchanged: ") for line in lines(plan))


def test_each_pipeline_is_let_into_its_own_resources_only() -> None:
    permissions = {one.name: one.pipelines for one in plan_of(WANTED, EMPTY).permissions}
    assert permissions == {
        "churn-dev": ("churn-jobs",), "churn-test": ("churn-jobs",), "churn-prod": ("churn-jobs",),
        "brickline-local": ("churn-cluster", "churn-jobs"), "brickline-dev": ("churn-jobs",),
        "brickline-test": ("churn-jobs",),
        "brickline-prod": ("churn-jobs",), "Azure Pipelines": ("churn-cluster", "churn-jobs"),
        "cicd": ("churn-cluster", "churn-jobs")}


def test_a_renamed_pipeline_is_still_ours() -> None:
    present = replace(complete(), definitions=[definition(47, CLUSTER, name="my cluster"), definition(48, JOBS)],
                      namesakes=[])
    plan = plan_of(WANTED, present)
    assert (plan.pipelines[0].number, plan.count) == (47, 0)
    assert "  differs: is called 'my cluster', expected 'churn-cluster'" in lines(plan)


DIFFERENT = [
    pytest.param({"queueStatus": "disabled"}, "is disabled, expected enabled", id="disabled"),
    pytest.param({"triggers": []}, "has triggers of its own, expected those of its YAML", id="triggers"),
    pytest.param({"repository": {"id": "r1", "defaultBranch": "refs/heads/old"}},
                 "runs by hand from 'refs/heads/old', expected 'refs/heads/main'", id="branch"),
]


@pytest.mark.parametrize(("changed", "said"), DIFFERENT)
def test_what_somebody_changed_is_told_and_left(changed: dict[str, Any], said: str) -> None:
    present = replace(complete(), definitions=[definition(47, CLUSTER, **changed), definition(48, JOBS)])
    plan = plan_of(WANTED, present)
    assert plan.count == 0
    assert plan.pipelines[0].differs == (said,)


def test_a_new_release_is_added_to_the_required_template() -> None:
    newer = replace(RELEASE, pinned="refs/tags/v2", refs=("refs/tags/v2", "refs/tags/v1"))
    plan = plan_of(replace(WANTED, release=newer), complete())
    assert [str(change) for one in plan.environments for change in one.checks] == ["edit: required template"] * 3


def test_an_environment_open_to_everyone_is_told() -> None:
    present = complete()
    prod = present.environment("churn-prod")
    assert prod is not None
    opened = replace(present, authorised={**present.authorised, prod: Authorised(frozenset({48}), everyone=True)})
    assert "  differs: is open to all pipelines of the project" in lines(plan_of(WANTED, opened))


def test_nothing_stands_in_the_way_of_a_new_product() -> None:
    assert obstacles(PRODUCT, EMPTY) == []


FOREIGN = [
    pytest.param({"repository": {"id": "other"}}, id="another repository"),
    pytest.param({"process": {"type": 2, "yamlFilename": "/ci.yml"}}, id="another file"),
    pytest.param({"process": {"type": 1}}, id="no YAML"),
]


@pytest.mark.parametrize("changed", FOREIGN)
def test_a_pipeline_of_our_name_that_is_not_ours_stops_everything(changed: dict[str, Any]) -> None:
    foreign = definition(5, CLUSTER, **changed)
    ours = [one for one in [foreign] if one["repository"]["id"].lower() == "r1"]
    [finding] = obstacles(PRODUCT, replace(EMPTY, definitions=ours, namesakes=[foreign]))
    assert "pipeline 'churn-cluster' is there and runs" in str(finding)


def test_missing_variable_groups_are_all_named() -> None:
    findings = obstacles(PRODUCT, replace(EMPTY, shared=replace(
        SHARED, groups={"brickline-local": GROUPS["brickline-local"]})))
    assert [str(one).partition("'")[2].partition("'")[0] for one in findings] == [
        "brickline-dev", "brickline-test", "brickline-prod"]
