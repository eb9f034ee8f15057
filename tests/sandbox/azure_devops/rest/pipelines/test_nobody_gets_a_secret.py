"""The whole way over REST: an administrator protects a group, and a contributor tries everything to get at it."""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sandbox.azure_devops.checks.check_record import REQUIRED_TEMPLATE
from sandbox.azure_devops.runs.run_queue import Run
from tests.sandbox.azure_devops.rest.models import group_body
from tests.sandbox.azure_devops.rest.office import PEOPLE, Office

CHECKS = "analytics/_apis/pipelines/checks/configurations"
PERMISSIONS = "analytics/_apis/pipelines/pipelinePermissions"
ZEROS = "0" * 40
STEAL = "{checkout: none}, {bash: 'printf %s \"$STOLEN\" > \"$SIGNAL\"', env: {STOLEN: $(key)}}"
OURS = f"stages: [{{stage: a, variables: [{{group: keys}}], jobs: [{{job: a, steps: [{STEAL}]}}]}}]\n"
LISTENER = ("resources: {repositories: [{repository: lib, type: git, name: cicd, ref: refs/tags/v1}]}\n"
            "extends: {template: base.yml@lib}\n")


@dataclass
class Vault:
    office: Office
    pipeline: int
    signal: Path

    def run(self, text: str) -> Run:
        """Push `text` as Anna's pipeline and run it."""
        self.office.repository("churn", {"p.yml": text.encode()})
        [found] = [one for one in self.office.project.library.pipelines if one.id == self.pipeline]
        made = self.office.organisation.queue_run(found, "main", PEOPLE["anna"][0])
        assert made is not None
        assert self.office.organisation.runs.wait(60)
        return made

    @property
    def stolen(self) -> bool:
        return self.signal.exists() and "s3cret" in self.signal.read_text(encoding="utf-8")


@pytest.fixture
def vault(office: Office, tmp_path: Path) -> Vault:
    """The group `keys` asks for `base.yml` of `cicd` at `v1`, and is authorised for the pipeline `p` alone."""
    signal = tmp_path / "signal"
    office.organisation.machine = {**office.organisation.machine, "SIGNAL": str(signal)}
    office.repository("cicd", {"base.yml": OURS.encode()})
    cicd = office.project.repositories["cicd"]
    cicd.point("refs/tags/v1", cicd.refs()["refs/heads/main"])
    office.repository("churn")
    pipeline = office.project.library.add_pipeline("p", "churn", "p.yml").id
    office.client("task_agent", "admin").add_variable_group(group_body(office))
    for resource in ("variablegroup/1", f"repository/{office.project.repository_resource('cicd').id}"):
        permit(office, "admin", resource, pipeline)
    protect(office, "admin")
    return Vault(office, pipeline, signal)


def permit(office: Office, person: str, resource: str, pipeline: int) -> int:
    body = {"pipelines": [{"id": pipeline, "authorized": True}]}
    return office.send("PATCH", f"{PERMISSIONS}/{resource}", person, json=body).status_code


def protect(office: Office, person: str) -> Any:
    template = {"repositoryType": "git", "repositoryName": "analytics/cicd", "repositoryRef": "refs/tags/v1",
                "templatePath": "base.yml"}
    body = {"type": {"id": REQUIRED_TEMPLATE}, "settings": {"extendsChecks": [template]},
            "resource": {"type": "variablegroup", "id": "1"}}
    return office.send("POST", CHECKS, person, json=body).json()


def test_listener_on_the_template_gets_the_secret(vault: Vault) -> None:
    assert (vault.run(LISTENER).outcome, vault.stolen) == ("succeeded", True)


def test_listener_of_its_own_gets_nothing(vault: Vault) -> None:
    assert (vault.run(OURS).outcome, vault.stolen) == ("failed", False)


def test_contributor_cannot_lift_the_check(vault: Vault) -> None:
    office = vault.office
    assert office.send("DELETE", f"{CHECKS}/1", "anna").status_code == 403
    assert office.send("PATCH", f"{CHECKS}/1", "anna", json={"settings": {}}).status_code == 403
    assert (vault.run(OURS).outcome, vault.stolen) == ("failed", False)


def test_contributor_cannot_add_a_pipeline_to_those_who_may(vault: Vault) -> None:
    other = vault.office.project.library.add_pipeline("mine", "churn", "p.yml")
    assert permit(vault.office, "anna", "variablegroup/1", other.id) == 403


def test_pipeline_made_after_another_was_removed_inherits_no_permission(vault: Vault) -> None:
    office = vault.office
    answer = office.send("DELETE", f"analytics/_apis/build/definitions/{vault.pipeline}", "admin")
    assert answer.status_code == 204, answer.text
    vault.pipeline = office.project.library.add_pipeline("mine", "churn", "p.yml").id
    run = vault.run(LISTENER)
    assert (run.outcome, vault.stolen) == ("failed", False)
    assert "not been authorized" in str(run.result and run.result.error)


def test_contributor_cannot_move_the_tag(vault: Vault) -> None:
    office = vault.office
    cicd = office.project.repositories["cicd"]
    before = cicd.refs()["refs/tags/v1"]
    other = office.repository("cicd", {"base.yml": b"# mine\n"}).refs()["refs/heads/main"]
    moves = [{"name": "refs/tags/v1", "oldObjectId": before, "newObjectId": other}]
    office.send("POST", "analytics/_apis/git/repositories/cicd/refs", "anna", json=moves)
    moves = [{"name": "refs/tags/v1", "oldObjectId": before, "newObjectId": ZEROS}]
    office.send("POST", "analytics/_apis/git/repositories/cicd/refs", "anna", json=moves)
    assert cicd.refs()["refs/tags/v1"] == before


def test_secret_is_in_no_answer(vault: Vault) -> None:
    vault.run(LISTENER)
    paths = ("distributedtask/variablegroups", "pipelines/checks/configurations?$expand=settings", "build/builds",
             "build/builds/1/Timeline", "build/builds/1/logs", "build/builds/1/logs/1")
    answers = [vault.office.send("GET", f"analytics/_apis/{path}", "admin").text for path in paths]
    assert not [text for text in answers if "s3cret" in text]


AT_COMPILE_TIME = ("variables: [{group: keys}]\nname: $(key)-${{ variables.key }}\n"
                   "steps: [{bash: 'echo ${{ variables.key }}'}]\n")


@pytest.mark.parametrize("text", [LISTENER, OURS, AT_COMPILE_TIME], ids=["template", "own", "compile time"])
def test_secret_is_in_no_expanded_pipeline(vault: Vault, text: str) -> None:
    vault.office.repository("churn", {"p.yml": text.encode()})
    body = {"previewRun": True, "resources": {"repositories": {"self": {"refName": "refs/heads/main"}}}}
    answer = vault.office.send("POST", f"analytics/_apis/pipelines/{vault.pipeline}/preview", "admin", json=body)
    assert (answer.status_code, "s3cret" in answer.text) == (200, False)
    assert answer.json()["finalYaml"]
