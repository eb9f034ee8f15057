"""Checks of resources through the unmodified client and raw requests."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.azure_devops.checks.check_record import (
    APPROVAL,
    BRANCH_CONTROL,
    BUSINESS_HOURS,
    EXCLUSIVE_LOCK,
    REQUIRED_TEMPLATE,
    TASK,
)
from sandbox.azure_devops.checks.protection import (
    Approval,
    BranchControl,
    ExclusiveLock,
    RequiredTemplate,
    TemplateFile,
)
from sandbox.azure_devops.projects.library import Environment
from sandbox.azure_devops.projects.resources import Resource
from tests.sandbox.azure_devops.rest.models import error_of, model
from tests.sandbox.azure_devops.rest.office import Office

CHECKS = "analytics/_apis/pipelines/checks"
CONFIGURATIONS = f"{CHECKS}/configurations"
PROD = Resource("environment", "1", "prod")
TEMPLATE = {"repositoryType": "git", "repositoryName": "analytics/cicd", "repositoryRef": "refs/tags/v1",
            "templatePath": "pipelines/a.yml"}


@pytest.fixture(autouse=True)
def environment(office: Office) -> None:
    office.project.library.put_environment(Environment("prod"))


def body(kind: str, settings: Any = None, **rest: Any) -> dict[str, Any]:
    return {"type": {"id": kind}, "settings": settings, "resource": {"type": "environment", "id": "1"}, **rest}


def post(office: Office, kind: str, settings: Any = None, **rest: Any) -> dict[str, Any]:
    answer = office.send("POST", CONFIGURATIONS, "admin", json=body(kind, settings, **rest))
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


def of_prod(office: Office) -> list[Any]:
    return office.organisation.checkpoint.protection.of(PROD)


def branches(**inputs: Any) -> dict[str, Any]:
    return {"definitionRef": {"id": BRANCH_CONTROL}, "inputs": inputs}


MEANT = [
    (EXCLUSIVE_LOCK, {}, ExclusiveLock()),
    (REQUIRED_TEMPLATE, {"extendsChecks": [TEMPLATE]},
     RequiredTemplate((TemplateFile("analytics/cicd", "refs/tags/v1", "pipelines/a.yml"),))),
    (TASK, branches(allowedBranches="refs/heads/main, refs/heads/release/*", ensureProtectionOfBranch="false"),
     BranchControl(("refs/heads/main", "refs/heads/release/*"))),
]


@pytest.mark.parametrize(("kind", "settings", "meant"), MEANT, ids=["lock", "template", "branches"])
def test_settings_become_the_check_they_mean(office: Office, kind: str, settings: Any, meant: Any) -> None:
    post(office, kind, settings)
    assert of_prod(office) == [meant]


def test_approval_asks_people_and_members_of_groups(office: Office) -> None:
    group = office.organisation.directory.find("[analytics]\\Contributors")
    assert group is not None
    post(office, APPROVAL, {"approvers": [{"id": office.member("ben").id}, {"id": group.id}],
                            "executionOrder": "inSequence", "minRequiredApprovers": 1,
                            "requesterCannotBeApprover": True}, timeout=60)
    [found] = of_prod(office)
    assert [sorted(one.members) for one in found.approvers] == [["ben@example.com"], ["anna@example.com"]]
    assert (found.minimum, found.in_sequence, found.requester_may_approve, found.timeout_minutes) == (
        1, True, False, 60)


def test_check_that_the_client_posts_loses_its_settings(office: Office) -> None:
    wanted = model("pipelines_checks", "CheckConfiguration", type={"id": APPROVAL}, timeout=60,
                   resource={"type": "environment", "id": "1"})
    made = office.client("pipelines_checks", "admin").add_check_configuration(wanted, "analytics")
    assert (made.id, made.type.name, made.resource.name) == (1, "Approval", "prod")
    assert of_prod(office) == [Approval((), timeout_minutes=60)]


def test_check_posted_twice_is_there_twice(office: Office) -> None:
    assert [post(office, EXCLUSIVE_LOCK)["id"] for _ in range(2)] == [1, 2]
    assert len(of_prod(office)) == 2


@pytest.mark.parametrize(("expand", "shown"), [("none", False), ("settings", True)])
def test_settings_are_listed_where_asked_for(office: Office, expand: str, shown: bool) -> None:
    post(office, REQUIRED_TEMPLATE, {"extendsChecks": [TEMPLATE]})
    asked = {"resourceType": "environment", "resourceId": "1", "$expand": expand}
    [found] = office.send("GET", CONFIGURATIONS, params=asked).json()["value"]
    assert ("settings" in found) == shown
    assert found["resource"] == {"type": "environment", "id": "1", "name": "prod"}


def test_checks_of_several_resources_are_queried(office: Office) -> None:
    office.project.library.put_environment(Environment("dev"))
    post(office, EXCLUSIVE_LOCK)
    resources = [model("pipelines_checks", "Resource", type="environment", id=number) for number in "12"]
    found = office.client("pipelines_checks").query_check_configurations_on_resources(resources, "analytics")
    assert [(one.type.name, one.resource.id) for one in found] == [("ExclusiveLock", "1")]


def test_check_is_changed_and_removed(office: Office) -> None:
    number = post(office, EXCLUSIVE_LOCK, timeout=60)["id"]
    changed = office.send("PATCH", f"{CONFIGURATIONS}/{number}", "admin", json={"timeout": 90}).json()
    assert (changed["timeout"], changed["version"]) == (90, 2)
    assert office.send("DELETE", f"{CONFIGURATIONS}/{number}", "admin").status_code == 204
    assert error_of(office, "GET", f"{CONFIGURATIONS}/{number}")[0] == 404


@pytest.mark.parametrize(("method", "path"), [("POST", ""), ("PATCH", "/1"), ("DELETE", "/1")])
def test_only_administrators_of_the_resource_change_its_checks(office: Office, method: str, path: str) -> None:
    post(office, EXCLUSIVE_LOCK)
    refused = error_of(office, method, CONFIGURATIONS + path, "anna", json=body(EXCLUSIVE_LOCK))
    assert refused == (403, "AccessDeniedException")
    assert len(of_prod(office)) == 1


REFUSED = [
    pytest.param(body(APPROVAL, {"approvers": [{"id": "anna@example.com"}]}), "identities are invalid", id="mail"),
    pytest.param(body(APPROVAL, {"approvers": [], "minRequiredApprovers": 1}), "larger than the number", id="minimum"),
    pytest.param(body(APPROVAL, {"minRequiredApprovers": -1}), "from 0 on, got -1", id="negative minimum"),
    pytest.param(body(APPROVAL, {"requesterCannotBeApprover": "false"}), "System.Boolean", id="text for a boolean"),
    pytest.param(body(EXCLUSIVE_LOCK, timeout=True), "a number was expected", id="boolean for a number"),
    pytest.param(body(TASK, branches(ensureProtectionOfBranch=True)), "System.String", id="boolean"),
    pytest.param(body(TASK, {"definitionRef": {"id": BUSINESS_HOURS}}), "'business hours' is not modelled", id="hours"),
    pytest.param(body(TASK, branches(ensureProtectionOfBranch="True")), "not modelled", id="protection"),
    pytest.param(body("00000000-0000-0000-0000-000000000000"), "not modelled", id="type"),
    pytest.param(body(EXCLUSIVE_LOCK, timeout=43201), "between 1 and 43200", id="too long"),
    pytest.param(body(EXCLUSIVE_LOCK, timeout=0), "between 1 and 43200", id="no time"),
    pytest.param(body(REQUIRED_TEMPLATE, {"extendsChecks": [{**TEMPLATE, "repositoryRef": ""}]}), "repositoryRef",
                 id="no ref"),
    pytest.param(body(EXCLUSIVE_LOCK, resource={"type": "environment", "id": "9"}), "could not be found", id="unknown"),
]


@pytest.mark.parametrize(("sent", "said"), REFUSED)
def test_check_that_means_nothing_is_refused(office: Office, sent: dict[str, Any], said: str) -> None:
    answer = office.send("POST", CONFIGURATIONS, "admin", json=sent)
    assert answer.status_code in (400, 404)
    assert said in answer.json()["message"]
    assert of_prod(office) == []
