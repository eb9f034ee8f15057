"""Every kind of protected resource asks for its required template, and for permission before that."""
from __future__ import annotations

import pytest

from sandbox.azure_devops.checks.protection import RequiredTemplate, TemplateFile
from sandbox.azure_devops.projects.library import AgentQueue, resource_of
from sandbox.azure_devops.projects.resources import Resource
from tests.sandbox.azure_devops.deployer import HELLO, KEYS, PROD, Deployer, log_of, stage_of

TEMPLATE = RequiredTemplate((TemplateFile("cicd", "refs/tags/v1", "base.yml"),))
ON_QUEUE = "stages: [{stage: deploy, pool: vault, jobs: [{job: a, steps: [{bash: echo worked}]}]}]\n"
FROM_LIBRARY = ("resources: {repositories: [{repository: lib, type: git, name: library}]}\n"
                "stages: [{stage: deploy, jobs: [{job: a, steps: [{checkout: lib}, {bash: echo worked}]}]}]\n")
WITH_GROUP = "stages: [{stage: deploy, jobs: [{job: a, variables: [{group: keys}], steps: [{bash: echo worked}]}]}]\n"
KINDS = [pytest.param("queue", ON_QUEUE, id="queue"), pytest.param("environment", HELLO, id="environment"),
         pytest.param("repository", FROM_LIBRARY, id="repository"), pytest.param("group", WITH_GROUP, id="group")]


@pytest.fixture
def resources(deployer: Deployer) -> dict[str, Resource]:
    project = deployer.organisation.home
    project.create_repository("library")
    deployer.commit("", repository="library", path="README.md")
    queue = project.library.put_queue(AgentQueue("vault", hosted=False))
    return {"queue": resource_of(queue), "environment": PROD, "group": KEYS,
            "repository": project.repository_resource("library")}


@pytest.mark.parametrize(("kind", "text"), KINDS)
def test_required_template_keeps_other_pipelines_out(
    deployer: Deployer, resources: dict[str, Resource], kind: str, text: str
) -> None:
    deployer.organisation.home.library.authorise(deployer.pipeline, resources[kind])
    deployer.protect(TEMPLATE, resources[kind])
    run = deployer.run(text)
    assert (stage_of(run), "worked" in log_of(run), "deployed" in log_of(run)) == ("failed", False, False)
    assert "does not extend base.yml of cicd at refs/tags/v1" in log_of(run)


@pytest.mark.parametrize(("kind", "text"), KINDS)
def test_pipeline_without_permission_does_not_start(
    deployer: Deployer, resources: dict[str, Resource], kind: str, text: str
) -> None:
    deployer.organisation.home.library.authorise(deployer.pipeline, resources[kind], authorised=False)
    run = deployer.run(text)
    assert run.result is not None
    assert (run.outcome, run.result.stages) == ("failed", {})
    assert "has not been authorized for use" in str(run.result.error)


def test_permission_alone_is_enough_where_no_check_hangs(deployer: Deployer, resources: dict[str, Resource]) -> None:
    for resource in resources.values():
        deployer.organisation.home.library.authorise(deployer.pipeline, resource)
    assert [deployer.run(text).outcome for text in (ON_QUEUE, HELLO, FROM_LIBRARY, WITH_GROUP)] == ["succeeded"] * 4


def test_check_that_can_be_read_no_more_lets_nobody_pass(deployer: Deployer) -> None:
    deployer.protect(TEMPLATE)
    records = deployer.organisation.checkpoint.protection.records
    [record] = records.of(PROD)
    records.change(type(record)(record.project, PROD, record.type, {"extendsChecks": [{}]}, id=record.id))
    run = deployer.run(HELLO)
    assert stage_of(run) == "failed"
