"""Pipelines that try to get at a protected variable group without being built on the template it asks for."""
from __future__ import annotations

import textwrap

import pytest

from sandbox.azure_devops.checks.protection import RequiredTemplate, TemplateFile
from sandbox.azure_devops.git.bare_repository import Author, File
from sandbox.azure_devops.runs.run_queue import Run
from sandbox.azure_devops.security.namespaces import GIT, PROJECT, project_token, repository_token
from tests.sandbox.azure_devops.deployer import ANNA, KEYS, Deployer, log_of

SECRET = "s3cret"
BASE = "pipelines/base.yml"
STEAL = "{checkout: none}, {bash: 'printf %s \"$STOLEN\" > \"$SIGNAL\"', env: {STOLEN: $(key)}}"
OURS = f"""
parameters: [{{name: steps, type: stepList, default: []}}]
stages: [{{stage: deploy, jobs: [{{job: a, variables: [{{group: keys}}], steps: [{STEAL}]}}]}}]
"""
LIB = "resources: {{repositories: [{{repository: lib, type: git, name: {name}, ref: {ref}}}]}}\n"
FROM = LIB.format(name="cicd", ref="refs/tags/v1")
STAGES = f"stages: [{{stage: deploy, jobs: [{{job: a, variables: [{{group: keys}}], steps: [{STEAL}]}}]}}]\n"
JOBS = f"jobs: [{{job: b, variables: [{{group: keys}}], steps: [{STEAL}]}}]\n"
EXTENDS = "extends: {template: pipelines/base.yml@lib}\n"


@pytest.fixture
def fortress(deployer: Deployer) -> Deployer:
    """The group `keys` is for pipelines that extend `pipelines/base.yml` of `cicd` at the tag `v1`."""
    project = deployer.organisation.home
    tag = deployer.commit_all({BASE: OURS, "other.yml": OURS}, repository="cicd")
    for ref in ("refs/tags/v1", "refs/heads/v1", "refs/heads/refs/tags/v1"):
        project.repositories["cicd"].point(ref, tag)
    project.library.authorise(deployer.pipeline, project.repository_resource("cicd"))
    found_namesake(deployer)
    deployer.protect(RequiredTemplate((TemplateFile("analytics/cicd", "refs/tags/v1", f"/{BASE}"),)), KEYS)
    return deployer


def found_namesake(deployer: Deployer) -> None:
    """A `cicd` of another project with the same file at the same tag, which the pipeline may use."""
    organisation = deployer.organisation
    evil = organisation.create_project("evil")
    evil.create_repository("cicd").commit_files(
        "refs/tags/v1", {BASE: File(OURS.encode())}, message="m", author=Author("Eve", "eve@example.com"))
    member = organisation.build_identities.of(organisation.home)
    organisation.access.grant(PROJECT, project_token(evil.id), member, allow=PROJECT.everything)
    organisation.access.grant(GIT, repository_token(evil.id), member, allow=GIT.everything)
    organisation.home.library.authorise(deployer.pipeline, evil.repository_resource("cicd"))


def stolen(fortress: Deployer, run: Run) -> str:
    """What a script got hold of; the log has nothing in any case."""
    assert SECRET not in log_of(run)
    return fortress.signal.read_text(encoding="utf-8") if fortress.signal.exists() else ""


def test_pipeline_on_the_template_gets_the_secret(fortress: Deployer) -> None:
    run = fortress.run(FROM + EXTENDS)
    assert (run.outcome, stolen(fortress, run)) == ("succeeded", SECRET)


def test_repository_of_the_template_may_be_named_with_its_project(fortress: Deployer) -> None:
    run = fortress.run(LIB.format(name="analytics/cicd", ref="refs/tags/v1") + EXTENDS)
    assert (run.outcome, stolen(fortress, run)) == ("succeeded", SECRET)


ROOT = f"variables: [{{group: keys}}]\njobs: [{{job: a, steps: [{STEAL}]}}]\n"
IN_STAGE = f"stages: [{{stage: a, variables: [{{group: keys}}], jobs: [{{job: a, steps: [{STEAL}]}}]}}]\n"
SKIPPED = f"""
stages:
- {{stage: a, condition: false, variables: [{{group: keys}}], jobs: [{{job: a, steps: [{STEAL}]}}]}}
- {{stage: b, dependsOn: [], jobs: [{{job: a, steps: [{STEAL}]}}]}}
"""
SKIPPED_JOB = f"""
jobs:
- {{job: a, condition: false, variables: [{{group: keys}}], steps: [{STEAL}]}}
- {{job: b, steps: [{STEAL}]}}
"""
OUTPUTS = f"""
stages:
- stage: a
  variables: [{{group: keys}}, {{name: copy, value: '$[variables.key]'}}]
  jobs: [{{job: a, steps: [{STEAL}]}}]
- stage: b
  dependsOn: []
  variables: [{{name: key, value: '$[stageDependencies.a.a.outputs.key]'}}]
  jobs: [{{job: a, steps: [{STEAL}]}}]
"""
HOSTILE = [
    pytest.param(ROOT, id="group of the pipeline"),
    pytest.param(IN_STAGE, id="group of a stage"),
    pytest.param(STAGES, id="group of a job"),
    pytest.param(STAGES.replace("keys", "KEYS"), id="group in capitals"),
    pytest.param(SKIPPED, id="group of a stage that is skipped"),
    pytest.param(SKIPPED_JOB, id="group of a job that is skipped"),
    pytest.param(OUTPUTS, id="copy in a variable"),
    pytest.param("extends: {template: pipelines/base.yml}\n", id="own file of the same path"),
    pytest.param("extends: {template: own.yml}\n", id="own file that includes ours"),
    pytest.param("extends: {template: pipelines/base.yml@self}\n" + FROM, id="own file by self"),
    pytest.param(LIB.format(name="churn", ref="main") + EXTENDS, id="own repository under our alias"),
    pytest.param(LIB.format(name="evil/cicd", ref="refs/tags/v1") + EXTENDS, id="namesake of another project"),
    pytest.param(LIB.format(name="cicd", ref="refs/heads/v1") + EXTENDS, id="branch named like the tag"),
    pytest.param(LIB.format(name="cicd", ref="refs/heads/refs/tags/v1") + EXTENDS, id="branch named like the full tag"),
    pytest.param(LIB.format(name="cicd", ref="main") + EXTENDS, id="branch at the same commit"),
    pytest.param(FROM + "extends: {template: other.yml@lib}\n", id="other file at the tag"),
    pytest.param(FROM + "extends: {template: pipelines/../other.yml@lib}\n", id="other file by a detour"),
    pytest.param(FROM + "stages: [{template: pipelines/base.yml@lib}]\n", id="included"),
    pytest.param(FROM + STAGES + EXTENDS, id="stages before extends"),
    pytest.param(FROM + EXTENDS + STAGES, id="stages after extends"),
    pytest.param(FROM + EXTENDS + f"${{{{ if true }}}}:\n  {STAGES}", id="stages in a directive"),
    pytest.param(FROM + EXTENDS + f"${{{{ if true }}}}:\n  {JOBS}", id="jobs in a directive"),
    pytest.param(FROM + EXTENDS + f"${{{{ if true }}}}:\n  steps: [{STEAL}]\n", id="steps in a directive"),
    pytest.param(FROM + EXTENDS + "${{ if true }}:\n  extends: {template: own.yml}\n", id="second extends"),
    pytest.param(FROM + EXTENDS + "extends: {template: own.yml}\n", id="extends written twice"),
    pytest.param(FROM + "${{ if true }}:\n  extends: {template: own.yml}\n${{ else }}:\n  " + EXTENDS,
                 id="extends in a dead branch"),
    pytest.param(FROM + "parameters: [{name: t, type: string, default: own.yml}]\n"
                 "extends: {template: '${{ parameters.t }}'}\n", id="template by a parameter"),
    pytest.param(FROM + "variables: {t: own.yml}\nextends: {template: '${{ variables.t }}'}\n", id="by a variable"),
    pytest.param("jobs: [{job: a, variables: {key: '$[variables.key]'}, steps: [" + STEAL + "]}]\n"
                 "variables: [{group: keys}]\n", id="expression"),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_pipeline_beside_the_template_gets_nothing(fortress: Deployer, text: str) -> None:
    own = f"{FROM}stages: [{{template: {BASE}@lib}}]\n"
    fortress.commit_all({"deploy.yml": text, BASE: OURS, "own.yml": own})
    run = fortress.queue()
    fortress.finish()
    assert stolen(fortress, run) in ("", "$(key)")
    assert run.outcome == "failed" or "condition: false" in text


def test_pipeline_without_permission_gets_nothing(fortress: Deployer) -> None:
    fortress.organisation.home.library.authorise(fortress.pipeline, KEYS, authorised=False)
    run = fortress.run(FROM + EXTENDS)
    assert (run.outcome, stolen(fortress, run)) == ("failed", "")
    assert run.result is not None
    assert "Variable group keys could not be found" in str(run.result.error)


ORACLES = [
    pytest.param("variables: [{group: keys}]\nstages: [{stage: a, condition: \"startsWith(variables.key, 's')\", "
                 "jobs: [{job: a}]}]\n", id="condition on a group of the pipeline"),
    pytest.param("stages: [{stage: a, variables: [{group: keys}], condition: \"startsWith(variables.key, 's')\", "
                 "jobs: [{job: a}]}]\n", id="condition on a group of the stage"),
    pytest.param("variables: [{group: keys}, {name: copy, value: \"$[startsWith(variables.key, 's')]\"}]\n"
                 "name: $(copy)\nstages: [{stage: a, condition: \"eq(variables.copy, 'True')\", jobs: [{job: a}]}]\n",
                 id="condition on an expression"),
]


@pytest.mark.parametrize("text", ORACLES)
def test_a_condition_tells_nothing_about_the_secret(fortress: Deployer, text: str) -> None:
    guesses = [fortress.run(textwrap.dedent(text).replace("'s'", guess)) for guess in ("'s'", "'x'")]
    first, second = ((run.outcome, dict(run.result.stages)) for run in guesses if run.result)
    assert first == second


def test_secret_is_in_no_expanded_pipeline(fortress: Deployer) -> None:
    fortress.commit("variables: [{group: keys}]\nname: a-${{ variables.key }}\n"
                    "steps: [{bash: 'echo ${{ variables.key }}'}]\n")
    run = fortress.queue()
    fortress.finish()
    kept = [one for one in run.folder.rglob("*") if one.is_file()]
    assert not [one for one in kept if SECRET in one.read_text(encoding="utf-8", errors="replace")]
    assert run.order.requested_for == ANNA
