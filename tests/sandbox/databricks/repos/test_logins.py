"""Which credential reaches the git server: pitfall F1."""
from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import DATABRICKS
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.repos.conftest import OWNER, PIPELINE, TOKEN, Repos


def test_a_service_principal_needs_a_credential_of_its_own(repos: Repos, pipeline: Repos) -> None:
    """F1: without a credential of its own the service principal gets PERMISSION_DENIED, whoever else has one."""
    assert repos.create("/Repos/dev/owners").status == 200
    reply = pipeline.create()
    assert (reply.status, reply.code) == (403, "PERMISSION_DENIED")
    assert reply.message.startswith("Missing Git provider credentials. Go to User settings > Git Integration")


def test_a_service_principal_s_token_is_used(pipeline: Repos) -> None:
    pipeline.add_credential()
    assert pipeline.create().status == 200


def test_a_service_principal_may_use_its_entra_identity(pipeline: Repos) -> None:
    pipeline.client.post("2.0/git-credentials", git_provider="azureDevOpsServicesAad")
    assert pipeline.create().status == 200


def test_without_its_credential_an_update_is_refused(pipeline: Repos) -> None:
    """F1: updates need it, too."""
    credential = pipeline.add_credential().body["credential_id"]
    number = pipeline.created()
    pipeline.client.ask("DELETE", f"2.0/git-credentials/{credential}")
    assert pipeline.update(number, branch="main").message.startswith("Missing Git provider credentials")


def test_a_refused_token_is_told(repos: Repos) -> None:
    credential = repos.client.get("2.0/git-credentials").body["credentials"][0]["credential_id"]
    repos.client.ask("PATCH", f"2.0/git-credentials/{credential}",
                     {"git_provider": "azureDevOpsServices", "personal_access_token": "wrong"})
    reply = repos.create()
    assert (reply.status, reply.code) == (403, "PERMISSION_DENIED")
    assert reply.message.startswith("Invalid Git provider credentials")


@pytest.fixture
def bare(repos: Repos) -> Repos:
    """The owner's, without credential."""
    credential = repos.client.get("2.0/git-credentials").body["credentials"][0]["credential_id"]
    repos.client.ask("DELETE", f"2.0/git-credentials/{credential}")
    return repos


def test_a_user_with_a_personal_access_token_has_no_entra_identity(bare: Repos) -> None:
    """F1: Azure DevOps without a PAT wants an Entra token."""
    reply = bare.create()
    assert (reply.status, reply.message.startswith("Azure Active Directory credentials missing.")) == (403, True)


def test_a_user_with_an_entra_token_needs_no_credential(bare: Repos, workspace: Workspace) -> None:
    bare.client.token = workspace.tenant.sign(DATABRICKS, upn=OWNER)
    assert bare.create().status == 200


def test_other_providers_are_asked_without_credential(bare: Repos) -> None:
    assert bare.create(provider="gitHub").message.startswith("Invalid Git provider credentials")


def test_a_named_credential_is_used(repos: Repos) -> None:
    good = repos.client.get("2.0/git-credentials").body["credentials"][0]["credential_id"]
    repos.add_credential("wrong", name="second", is_default_for_provider=True)
    assert (repos.create().status, repos.create(git_credential_id=good).status) == (403, 200)


def test_somebody_else_s_credential_is_not_there(repos: Repos, admin: Client) -> None:
    theirs = repos.client.get("2.0/git-credentials").body["credentials"][0]["credential_id"]
    assert Repos(admin, repos.remote).create(git_credential_id=theirs).status == 404


def test_tokens_are_in_no_file(repos: Repos, workspace: Workspace) -> None:
    repos.created()
    found = [path for path in Path(workspace.state.folder).rglob("*") if path.is_file()
             and TOKEN.encode() in path.read_bytes()]
    assert found == []


def test_a_principal_of_the_pipeline_is_itself(pipeline: Repos) -> None:
    pipeline.add_credential()
    number = pipeline.created()
    rows = pipeline.client.get(f"2.0/permissions/repos/{number}").body["access_control_list"]
    assert rows[0]["service_principal_name"] == PIPELINE
