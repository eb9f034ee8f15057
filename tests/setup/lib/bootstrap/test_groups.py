from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from setup.lib.bootstrap.groups import Group, group_body, group_tasks
from setup.lib.bootstrap.guarded import wanted_checks
from setup.lib.bootstrap.inputs import Credential
from setup.lib.bootstrap.tasks import ChangeCheck, ChangeGroup, CloseToEveryone, CreateGroup
from setup.lib.release import Release
from steps.lib.azure_devops.checks import Resource
from steps.lib.azure_devops.pipeline_permissions import Authorised
from steps.lib.azure_devops.repositories import Repository

RELEASE = Release(Repository("r2", "cicd", "p2", "platform", "refs/heads/main"), "refs/tags/v1", ("refs/tags/v1",))
PROD = Credential("prod", "tenant", "client", secret="s3cret")
VARIABLES = {"entraTenantId": {"value": "tenant"}, "entraClientId": {"value": "client"},
             "entraClientSecret": {"value": None, "isSecret": True}}


def group(credential: Credential = PROD, **changed: Any) -> Group:
    checks = [{"id": number, **check.body(Resource("variablegroup", "4"))}
              for number, check in enumerate(wanted_checks(credential, RELEASE), start=1)]
    document = {"id": 4, "name": credential.group, "variables": VARIABLES}
    return replace(Group("p1", "analytics", credential, document, checks), **changed)


def kinds(group: Group) -> list[type[object]]:
    return [type(task.action) for task in group_tasks(group, RELEASE) if task.action]


def test_a_group_as_it_should_be_needs_nothing() -> None:
    [task] = group_tasks(group(), RELEASE)
    assert task.is_done


def test_a_missing_group_is_created_with_its_secret() -> None:
    [task] = group_tasks(group(document=None), RELEASE)
    assert isinstance(task.action, CreateGroup)
    assert task.action.body["variables"]["entraClientSecret"] == {"value": "s3cret", "isSecret": True}
    assert "required template" in task.todo


def test_no_task_shows_a_secret() -> None:
    assert "s3cret" not in repr(list(group_tasks(group(document=None), RELEASE)))


def test_a_service_connection_needs_no_secret() -> None:
    credential = replace(PROD, secret="", service_connection_id="connection")
    body = group_body(group(credential), {})
    assert body["variables"]["azureServiceConnectionId"] == {"value": "connection"}
    assert "entraClientSecret" not in body["variables"]


def test_a_secret_that_nobody_gave_is_left_to_a_person() -> None:
    [task] = group_tasks(group(replace(PROD, secret=""), document=None), RELEASE)
    assert "entraClientSecret" in task.by_hand
    assert "BRICKLINE_PROD_CLIENT_SECRET" in task.by_hand


def test_a_secret_that_is_stored_is_never_replaced() -> None:
    body = group_body(group(), VARIABLES)
    assert body["variables"]["entraClientSecret"] == {"value": None, "isSecret": True}


def test_a_wrong_client_is_set_right_and_other_variables_stay() -> None:
    known = {**VARIABLES, "entraClientId": {"value": "old"}, "ours": {"value": "1"}}
    [task] = group_tasks(group(document={"id": 4, "variables": known}), RELEASE)
    assert isinstance(task.action, ChangeGroup)
    assert task.action.body["variables"]["entraClientId"] == {"value": "client"}
    assert task.action.body["variables"]["ours"] == {"value": "1"}


@pytest.mark.parametrize(("changed", "kind"), [
    ({"checks": []}, ChangeCheck), ({"authorised": Authorised(frozenset({3}), everyone=True)}, CloseToEveryone),
], ids=["without guard", "open to everyone"])
def test_a_group_that_gives_secrets_away_is_guarded(changed: dict[str, Any], kind: type[object]) -> None:
    assert kinds(group(**changed)) == [kind]


def test_the_group_of_the_set_up_is_bound_to_the_librarys_own_branch() -> None:
    checks = wanted_checks(replace(PROD, name="setup"), RELEASE)
    assert [check.kind for check in checks] == ["branch control", "exclusive lock"]
    assert checks[0].settings["inputs"]["allowedBranches"] == "refs/heads/main,refs/tags/*"


def test_a_secret_in_plain_sight_is_told() -> None:
    known = {**VARIABLES, "entraClientSecret": {"value": "plain"}}
    [task] = group_tasks(group(document={"id": 4, "variables": known}), RELEASE)
    assert "stands there in plain sight" in task.by_hand
    assert "plain'" not in repr(task)


def test_a_group_of_a_key_vault_is_left_as_it_is() -> None:
    [task] = group_tasks(group(document={"id": 4, "type": "AzureKeyVault", "variables": {}}), RELEASE)
    assert task.action is None
    assert "key vault" in task.found


def test_a_group_that_is_set_right_stays_shared_with_other_projects() -> None:
    other = {"name": "brickline-prod", "projectReference": {"id": "p9", "name": "marketing"}}
    own = {"name": "brickline-prod", "projectReference": {"id": "p1", "name": "analytics"}}
    document = {"id": 4, "variables": {}, "variableGroupProjectReferences": [other, own]}
    assert group_body(group(document=document), {})["variableGroupProjectReferences"] == [own, other]
