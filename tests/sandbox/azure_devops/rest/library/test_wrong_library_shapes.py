"""Whatever JSON is sent to the library, checks and permissions: a refusal, never an accident."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.azure_devops.checks.check_record import APPROVAL, EXCLUSIVE_LOCK, REQUIRED_TEMPLATE, TASK
from sandbox.azure_devops.projects.library import Environment
from sandbox.azure_devops.security.namespaces import GIT, repository_token
from tests.sandbox.azure_devops.rest.models import group_body
from tests.sandbox.azure_devops.rest.office import Office

WRONG: list[Any] = [None, [], [[]], [None], {}, {"x": {}}, {"x": 1}, "x", 7, True, {"id": [1]}, [{"id": {}}],
                    {"id": ""}]
PERMISSIONS = "analytics/_apis/pipelines/pipelinePermissions"
CHECKS = "analytics/_apis/pipelines/checks"
ROLES = "_apis/securityroles/scopes/distributedtask.environmentreferencerole/roleassignments/resources"


def cases(office: Office) -> Iterator[tuple[str, str, Any]]:
    """Method, path and a sound body of every route that takes one."""
    group = group_body(office).serialize()
    member = office.member("ben")
    template = {"repositoryType": "git", "repositoryName": "a/b", "repositoryRef": "r", "templatePath": "p"}
    entry = {"descriptor": member.descriptor, "allow": 1, "deny": 0}
    reference = {"name": "azure", "projectReference": {"id": office.project.id}}
    resource = {"type": "environment", "id": "1"}
    yield "POST", "_apis/distributedtask/variablegroups", {**group, "name": "other"}
    yield "PUT", "_apis/distributedtask/variablegroups/1", group
    yield "POST", "analytics/_apis/distributedtask/environments", {"name": "other", "description": "d"}
    yield "PATCH", "analytics/_apis/distributedtask/environments/1", {"name": "prod", "description": "d"}
    yield "PATCH", f"{PERMISSIONS}/environment/1", {"pipelines": [{"id": 1, "authorized": False}], "allPipelines": {}}
    yield "PATCH", PERMISSIONS, [{"resource": resource, "pipelines": []}]
    for kind, settings in ((APPROVAL, {"approvers": [{"id": member.id}], "blockedApprovers": [],
                                       "minRequiredApprovers": 1, "definitionRef": {}, "executionOrder": 1}),
                           (REQUIRED_TEMPLATE, {"extendsChecks": [template]}), (EXCLUSIVE_LOCK, {}),
                           (TASK, {"definitionRef": {"id": "86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b"}, "inputs": {}})):
        yield "POST", f"{CHECKS}/configurations", {"type": {"id": kind}, "settings": settings, "resource": resource,
                                                   "timeout": 60}
    yield "PATCH", f"{CHECKS}/configurations/1", {"settings": {}, "timeout": 60}
    yield "POST", f"{CHECKS}/queryconfigurations", [resource]
    yield "PATCH", "analytics/_apis/pipelines/approvals", [{"approvalId": "x", "status": "approved"}]
    yield "POST", f"_apis/AccessControlEntries/{GIT.id}", {
        "token": repository_token(office.project.id), "merge": True, "accessControlEntries": [entry]}
    yield "POST", "_apis/security/permissionevaluationbatch", {
        "evaluations": [{"securityNamespaceId": GIT.id, "token": "t", "permissions": 1}]}
    yield "POST", "_apis/serviceendpoint/endpoints", {
        "type": "azurerm", "url": "u", "name": "n", "authorization": {"scheme": "s", "parameters": {"a": "b"}},
        "data": {"a": "b"}, "serviceEndpointProjectReferences": [reference]}
    yield "PUT", f"{ROLES}/{office.project.id}_1", [{"userId": member.id, "roleName": "User"}]
    yield "PATCH", f"{ROLES}/{office.project.id}_1", [member.id]


def bent(body: Any) -> Iterator[Any]:
    """`body` with one of its parts, however deep, replaced by something else."""
    yield from WRONG
    if isinstance(body, dict):
        for key, value in body.items():
            yield from ({**body, key: other} for other in bent(value))
    elif isinstance(body, list):
        for place, value in enumerate(body):
            yield from ([*body[:place], other, *body[place + 1:]] for other in bent(value))


@pytest.fixture
def furnished(office: Office) -> Office:
    office.project.library.put_environment(Environment("prod"))
    office.send("POST", "_apis/distributedtask/variablegroups", "admin", json=group_body(office).serialize())
    body = {"type": {"id": EXCLUSIVE_LOCK}, "resource": {"type": "environment", "id": "1"}}
    office.send("POST", f"{CHECKS}/configurations", "admin", json=body)
    return office


@pytest.mark.parametrize("number", range(18))
def test_any_json_is_answered(furnished: Office, number: int) -> None:
    method, path, sound = list(cases(furnished))[number]
    assert furnished.send(method, path, "admin", json=sound).status_code in (200, 204, 404)
    accidents = [(body, answer.text) for body in bent(sound)
                 if (answer := furnished.send(method, path, "admin", json=body)).status_code >= 500]
    assert accidents == []


def test_every_route_has_a_case(furnished: Office) -> None:
    assert len(list(cases(furnished))) == 18
