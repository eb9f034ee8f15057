from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.databricks.directory import PrincipalKind
from tests.sandbox.databricks.conftest import Client, Reply
from tests.sandbox.databricks.mlflow.test_survival import restart, start
from tests.sandbox.databricks.repos.conftest import PIPELINE, Repos

SOME = "some-token"


def add(client: Client, provider: str = "gitHub", token: str = SOME, **fields: object) -> Reply:
    return client.post("2.0/git-credentials", git_provider=provider, personal_access_token=token, **fields)


def test_the_token_is_never_shown(owner: Client) -> None:
    created = add(owner, git_username="anna", name="mine", git_email="anna@example.test")
    number = created.body["credential_id"]
    assert created.body == {"credential_id": number, "git_provider": "gitHub", "is_default_for_provider": True,
                            "git_username": "anna", "git_email": "anna@example.test", "name": "mine"}
    assert owner.get("2.0/git-credentials").body == {"credentials": [created.body]}
    assert owner.get(f"2.0/git-credentials/{number}").body == created.body


def test_a_credential_is_changed_and_removed(owner: Client) -> None:
    number = add(owner).body["credential_id"]
    path = f"2.0/git-credentials/{number}"
    assert owner.ask("PATCH", path, {"git_username": "new"}).message == "Missing required field: git_provider"
    assert owner.ask("PATCH", path, {"git_provider": "gitLab", "git_username": "new"}).body == {}
    assert owner.get(path).body["git_username"] == "new"
    assert (owner.ask("DELETE", path).body, owner.get(path).status) == ({}, 404)


def test_a_service_principal_has_one_for_each_provider(pipeline: Repos) -> None:
    """F1: a second credential for the provider is refused."""
    pipeline.add_credential()
    reply = pipeline.add_credential()
    assert reply.status == 400
    assert reply.message == ("A Git credential already exists for provider azureDevOpsServices. Only one credential "
                             "per provider is allowed for service principals.")
    assert pipeline.add_credential(provider="gitHub").status == 200


def test_a_change_cannot_make_it_two(pipeline: Repos) -> None:
    """F1: neither can an update."""
    pipeline.add_credential()
    other = pipeline.add_credential(provider="gitHub").body["credential_id"]
    path = f"2.0/git-credentials/{other}"
    reply = pipeline.client.ask("PATCH", path, {"git_provider": "azureDevOpsServices"})
    assert (reply.code, pipeline.client.get(path).body["git_provider"]) == ("RESOURCE_ALREADY_EXISTS", "gitHub")


def test_one_that_changes_its_provider_leaves_a_default_behind(owner: Client) -> None:
    first, second = (add(owner, name=name).body["credential_id"] for name in ("a", "b"))
    owner.ask("PATCH", f"2.0/git-credentials/{first}", {"git_provider": "gitLab"})
    assert defaults(owner) == {first: True, second: True}


def test_ids_are_above_what_floating_point_numbers_hold(owner: Client) -> None:
    number = add(owner).body["credential_id"]
    assert int(float(number)) != number


def test_an_admin_removes_one_of_a_service_principal(admin: Client, pipeline: Repos) -> None:
    number = pipeline.add_credential().body["credential_id"]
    principal = admin.workspace.state.directory.find(PrincipalKind.SERVICE_PRINCIPAL, PIPELINE)
    assert principal is not None
    reply = admin.ask("DELETE", f"2.0/git-credentials/{number}", query={"principal_id": [principal.id]})
    assert (reply.body, pipeline.client.get("2.0/git-credentials").body) == ({}, {})


def test_a_user_has_several_of_which_one_is_the_default(owner: Client) -> None:
    """F1: users are not limited to one."""
    first, second = (add(owner, name=name).body["credential_id"] for name in ("a", "b"))
    owner.ask("PATCH", f"2.0/git-credentials/{second}", {"git_provider": "gitHub", "is_default_for_provider": True})
    assert defaults(owner) == {first: False, second: True}
    owner.ask("DELETE", f"2.0/git-credentials/{second}")
    assert defaults(owner) == {first: True}


def test_changes_outlive_a_stop(tmp_path: Path) -> None:
    """F1: which one is the default, too."""
    client = start(tmp_path)
    first, second, third = (add(client, name=name).body["credential_id"] for name in ("a", "b", "c"))
    default = {"git_provider": "gitHub", "is_default_for_provider": True}
    client.ask("PATCH", f"2.0/git-credentials/{third}", {**default, "git_username": "new"})
    client.ask("PATCH", f"2.0/git-credentials/{first}", {"git_provider": "gitLab"})
    client = restart(client, tmp_path)
    assert defaults(client) == {first: True, second: False, third: True}
    assert client.get(f"2.0/git-credentials/{third}").body["git_username"] == "new"
    client.ask("DELETE", f"2.0/git-credentials/{third}")
    assert defaults(restart(client, tmp_path)) == {first: True, second: True}


def defaults(client: Client) -> dict[int, bool]:
    rows = client.get("2.0/git-credentials").body["credentials"]
    return {row["credential_id"]: row["is_default_for_provider"] for row in rows}


@pytest.mark.parametrize(("provider", "token", "told"), [
    ("", "t", "Missing required field: git_provider"), ("svn", "t", "Unsupported Git provider 'svn'"),
    ("gitHub", "", "Missing required field: personal_access_token"),
])
def test_bad_credentials_are_refused(owner: Client, provider: str, token: str, told: str) -> None:
    reply = add(owner, provider, token)
    assert (reply.status, told in reply.message) == (400, True)


def test_others_do_not_see_it(owner: Client, admin: Client) -> None:
    number = add(owner).body["credential_id"]
    assert (admin.get(f"2.0/git-credentials/{number}").status, admin.get("2.0/git-credentials").body) == (404, {})


def test_an_admin_sets_up_a_service_principal(admin: Client, pipeline: Repos) -> None:
    principal = admin.workspace.state.directory.find(PrincipalKind.SERVICE_PRINCIPAL, PIPELINE)
    assert principal is not None
    assert add(admin, "azureDevOpsServices", "owners-git-token", principal_id=int(principal.id)).status == 200
    assert pipeline.create().status == 200


def test_nobody_else_does(owner: Client, pipeline: Repos) -> None:
    principal = pipeline.client.workspace.state.directory.find(PrincipalKind.SERVICE_PRINCIPAL, PIPELINE)
    assert principal is not None
    reply = add(owner, principal_id=int(principal.id))
    assert (reply.code, reply.message) == ("PERMISSION_DENIED", (
        f"owner@example.test may not manage the Git credentials of principal {principal.id}"))


def test_only_service_principals_are_set_up_by_others(admin: Client) -> None:
    me = admin.get("2.0/preview/scim/v2/Me").body["id"]
    for number in (int(me), 1):
        reply = add(admin, principal_id=number)
        assert (reply.code, reply.message) == (
            "PERMISSION_DENIED", f"Principal {number} is no service principal of this workspace")


@pytest.mark.parametrize("number", ["1", "x", "-1"])
def test_unknown_ids_are_404(owner: Client, number: str) -> None:
    reply = owner.get(f"2.0/git-credentials/{number}")
    assert (reply.status, reply.message) == (404, f"Git credential {number} does not exist.")
