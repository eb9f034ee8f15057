"""The unmodified databricks-sdk as judge, with the sandbox's own Azure DevOps as git server."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import BadRequest, NotFound, PermissionDenied, ResourceAlreadyExists
from databricks.sdk.service.workspace import ObjectType, SparseCheckout

from sandbox.azure_devops.git.bare_repository import Author, File
from sandbox.azure_devops.organisation import Names, Organisation
from sandbox.databricks.workspace import Workspace
from sandbox.http.server import Server
from sandbox.pipelines.request import Identity

ADMIN = Identity("Admin", "admin@example.test")
TOKEN = "admins-git-token"
PROVIDER = "azureDevOpsServices"


@pytest.fixture
def organisation(tmp_path: Path) -> Iterator[Organisation]:
    organisation = Organisation(tmp_path / "organisation", {}, Names("org", "project"))
    organisation.home.create_repository("churn")
    organisation.accounts.add(ADMIN, TOKEN)
    contributors = organisation.directory.find("[project]\\Contributors")
    assert contributors is not None
    organisation.directory.join(organisation.directory.add_user(ADMIN), contributors)
    commit(organisation, "one\n")
    yield organisation
    organisation.close()


@pytest.fixture
def url(organisation: Organisation) -> Iterator[str]:
    with Server(organisation.application) as server:
        yield f"{server.url}/org/project/_git/churn"


@pytest.fixture
def sdk(strict_workspace: Workspace) -> Iterator[WorkspaceClient]:
    with Server(strict_workspace.application) as server:
        sdk = WorkspaceClient(host=server.url, token=strict_workspace.token, auth_type="pat")
        sdk.workspace.mkdirs("/Repos/dev")
        yield sdk


def commit(organisation: Organisation, text: str, ref: str = "refs/heads/main") -> str:
    files = {"README.md": File(text.encode()), "data/a.csv": File(b"1\n")}
    return organisation.home.repositories["churn"].commit_files(ref, files, message="x", author=Author("A", "a@x.test"))


def test_a_git_folder_lives_its_life(sdk: WorkspaceClient, organisation: Organisation, url: str) -> None:
    sdk.git_credentials.create(PROVIDER, git_username="admin", personal_access_token=TOKEN)
    made = sdk.repos.create(url, PROVIDER, path="/Repos/dev/churn", sparse_checkout=SparseCheckout(["data"]))
    tip = commit(organisation, "x\n", "refs/heads/feature/x")
    sdk.repos.update(made.id or 0, branch="feature/x")
    found = sdk.repos.get(made.id or 0)
    assert (found.branch, found.head_commit_id, [repo.id for repo in sdk.repos.list()]) == ("feature/x", tip, [made.id])
    assert sdk.workspace.download("/Repos/dev/churn/README.md").read() == b"x\n"
    assert sdk.workspace.get_status("/Repos/dev/churn").object_type is ObjectType.REPO
    sdk.repos.delete(made.id or 0)
    with pytest.raises(NotFound, match="Repo could not be found"):
        sdk.repos.get(made.id or 0)


def test_errors_become_the_sdk_s_own(sdk: WorkspaceClient, url: str) -> None:
    sdk.git_credentials.create(PROVIDER, personal_access_token=TOKEN)
    made = sdk.repos.create(url, PROVIDER, path="/Repos/dev/churn")
    with pytest.raises(ResourceAlreadyExists):
        sdk.repos.create(url, PROVIDER, path="/Repos/dev/churn")
    with pytest.raises(BadRequest, match="does not exist in the remote"):
        sdk.repos.update(made.id or 0, branch="nope")
    with pytest.raises(NotFound, match="Parent directory"):
        sdk.repos.create(url, PROVIDER, path="/Repos/no/churn")


def test_a_refused_token_is_told(sdk: WorkspaceClient, url: str) -> None:
    sdk.git_credentials.create(PROVIDER, personal_access_token="wrong")
    with pytest.raises(PermissionDenied, match="Invalid Git provider credentials"):
        sdk.repos.create(url, PROVIDER, path="/Repos/dev/churn")


def test_credentials_are_kept_without_their_token(sdk: WorkspaceClient) -> None:
    made = sdk.git_credentials.create(PROVIDER, git_username="anna", personal_access_token=TOKEN)
    sdk.git_credentials.update(made.credential_id, PROVIDER, git_username="ben")
    assert [held.git_username for held in sdk.git_credentials.list()] == ["ben"]
    assert sdk.git_credentials.get(made.credential_id).git_provider == PROVIDER
    sdk.git_credentials.delete(made.credential_id)
    assert list(sdk.git_credentials.list()) == []
