"""The status of what is made or changed, as recorded from the service: it cannot be derived from the verb."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.azure_devops.git.bare_repository import NO_COMMIT
from sandbox.azure_devops.policies.configuration import MINIMUM_REVIEWERS
from sandbox.azure_devops.projects.library import Environment
from sandbox.azure_devops.security.namespaces import GIT, repository_token
from tests.sandbox.azure_devops.rest.office import Office

GIT_AREA = "analytics/_apis/git/repositories"
PUSH = {"refUpdates": [{"name": "refs/heads/x", "oldObjectId": NO_COMMIT}], "commits": [{
    "comment": "c", "changes": [{"changeType": "add", "item": {"path": "/n"},
                                 "newContent": {"content": "x", "contentType": "rawtext"}}]}]}
YAML = {"name": "p", "process": {"yamlFilename": "a.yml", "type": 2},
        "repository": {"name": "churn", "type": "tfsgit"}}
GROUP = {"name": "keys", "variables": {"a": {"value": "b"}}}
POLICY = {"isEnabled": True, "isBlocking": True, "type": {"id": MINIMUM_REVIEWERS},
          "settings": {"minimumApproverCount": 1, "scope": [{"repositoryId": None, "matchKind": "defaultBranch"}]}}
LOCK = {"type": {"id": "2ef31ad6-baa0-403a-8b45-2cbc9b4e5563"}, "settings": {},
        "resource": {"type": "environment", "id": "1"}}
OPEN = {"allPipelines": {"authorized": True}}
CASES = [
    pytest.param("POST", GIT_AREA, {"name": "new"}, 201, id="repository"),
    pytest.param("POST", f"{GIT_AREA}/empty/pushes", PUSH, 201, id="push"),
    pytest.param("POST", "analytics/_apis/build/Definitions", YAML, 200, id="definition"),
    pytest.param("POST", "analytics/_apis/policy/configurations", POLICY, 200, id="policy"),
    pytest.param("POST", "analytics/_apis/distributedtask/variablegroups", GROUP, 200, id="variable group"),
    pytest.param("POST", "analytics/_apis/distributedtask/environments", {"name": "e"}, 200, id="environment"),
    pytest.param("POST", "analytics/_apis/pipelines/checks/configurations", LOCK, 200, id="check"),
    pytest.param("PATCH", "analytics/_apis/build/authorizedresources",
                 [{"type": "environment", "id": "1", "authorized": True}], 200, id="authorised resource"),
    pytest.param("PATCH", "analytics/_apis/pipelines/pipelinePermissions/environment/1", OPEN, 200, id="permission"),
    pytest.param("PATCH", "analytics/_apis/build/generalSettings", {"enforceJobAuthScope": True}, 200, id="settings"),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), CASES)
def test_answer_has_the_status_of_the_service(office: Office, method: str, path: str, body: Any, status: int) -> None:
    office.repository("churn", {"a.yml": b"steps: []"})
    office.project.library.put_environment(Environment("prod"))
    office.repository("empty")
    answer = office.send(method, path, "admin", json=body)
    assert answer.status_code == status, answer.text


def test_granting_a_permission_answers_200(office: Office) -> None:
    body = {"token": repository_token(office.project.id), "merge": True, "accessControlEntries": [
        {"descriptor": office.member("anna").descriptor, "allow": 4, "deny": 0}]}
    assert office.send("POST", f"_apis/AccessControlEntries/{GIT.id}", "admin", json=body).status_code == 200
