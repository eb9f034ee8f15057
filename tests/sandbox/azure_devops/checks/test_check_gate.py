"""Runs before the checks of what they use."""
from __future__ import annotations

import pytest

from sandbox.azure_devops.checks.protection import (
    Approval,
    BranchControl,
    Check,
    ExclusiveLock,
    RequiredTemplate,
    TemplateFile,
)
from tests.sandbox.azure_devops.deployer import ANNA, HELLO, KEYS, PROD, Deployer, log_of, person, stage_of

TEMPLATE = RequiredTemplate((TemplateFile("analytics/cicd", "refs/tags/v1", "/pipelines/base.yml"),))


def test_without_checks_a_stage_begins_at_once(deployer: Deployer) -> None:
    assert deployer.run(HELLO).outcome == "succeeded"


def test_an_environment_that_nobody_made_stops_the_run(deployer: Deployer) -> None:
    run = deployer.run(HELLO.replace("churn-prod", "churn-qa"))
    assert run.result is not None
    assert "Environment churn-qa could not be found" in str(run.result.error)


def test_an_environment_of_another_pipeline_stops_the_run(deployer: Deployer) -> None:
    deployer.organisation.home.library.authorise(deployer.pipeline, PROD, authorised=False)
    assert deployer.run(HELLO).outcome == "failed"


BRANCHES = [
    pytest.param("main", ["refs/heads/main"], "succeeded", id="allowed"),
    pytest.param("release/1", ["refs/heads/main", "refs/heads/release/*"], "succeeded", id="pattern"),
    pytest.param("feature/main", ["refs/heads/main"], "failed", id="other"),
    pytest.param("main", ["main"], "failed", id="short name"),
]


@pytest.mark.parametrize(("branch", "allowed", "ending"), BRANCHES)
def test_branch_control_fails_a_stage_of_another_branch(
    deployer: Deployer, branch: str, allowed: list[str], ending: str
) -> None:
    deployer.protect(BranchControl(allowed))
    assert stage_of(deployer.run(HELLO, branch)) == ending


def test_branch_control_also_looks_at_repository_resources(deployer: Deployer) -> None:
    deployer.commit("", repository="cicd", branch="wild")
    deployer.protect(BranchControl(["refs/heads/main"]))
    resources = "resources: {repositories: [{repository: lib, type: git, name: cicd, ref: wild}]}"
    run = deployer.run(f"{resources}\n{HELLO.replace('    lockBehavior: runLatest', '')}".replace("\n    ", "\n"))
    assert stage_of(run) == "failed"
    assert "cicd is at 'refs/heads/wild', allowed are refs/heads/main" in log_of(run)


BASE = "stages: [{stage: deploy, jobs: [{job: a, variables: [{group: keys}], steps: [{bash: echo $(key) used}]}]}]"
FROM = "resources: {{repositories: [{{repository: lib, type: git, name: cicd, ref: {ref}}}]}}\n{rest}"
EXTENDERS = [
    pytest.param(FROM.format(ref="refs/tags/v1", rest="extends: {template: pipelines/base.yml@lib}"), "succeeded",
                 id="required"),
    pytest.param(FROM.format(ref="main", rest="extends: {template: pipelines/base.yml@lib}"), "failed", id="other ref"),
    pytest.param(FROM.format(ref="v1", rest="extends: {template: other.yml@lib}"), "failed", id="other file"),
    pytest.param(FROM.format(ref="v1", rest="stages: [{template: pipelines/base.yml@lib}]"), "failed", id="included"),
    pytest.param(BASE, "failed", id="own"),
]


@pytest.mark.parametrize(("text", "ending"), EXTENDERS)
def test_a_protected_group_is_only_for_pipelines_built_on_its_template(
    deployer: Deployer, text: str, ending: str
) -> None:
    deployer.commit(BASE, repository="cicd", branch="old", path="other.yml")
    tag = deployer.commit(BASE, repository="cicd", path="pipelines/base.yml")
    deployer.organisation.home.repositories["cicd"].point("refs/tags/v1", tag)
    deployer.protect(TEMPLATE, KEYS)
    run = deployer.run(text)
    assert run.outcome == ending
    assert ("*** used" in log_of(run)) == (ending == "succeeded")


WAITS = [pytest.param(Approval((person(ANNA),)), id="approval"), pytest.param(ExclusiveLock(), id="lock")]


@pytest.mark.parametrize("check", WAITS)
def test_a_stage_that_is_skipped_passes_no_check(deployer: Deployer, check: Check) -> None:
    deployer.protect(check)
    run = deployer.run(HELLO.replace("stage: deploy\n", "stage: deploy\n      condition: false\n"))
    assert stage_of(run) == "skipped"
    assert deployer.organisation.checkpoint.approvals.approvals() == []
