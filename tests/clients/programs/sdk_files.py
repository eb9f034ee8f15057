"""databricks-sdk keeps files: in the workspace, in DBFS, and in Git folders of an Azure DevOps repository."""
from __future__ import annotations

import io
import os

from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import BadRequest, NotFound, PermissionDenied, ResourceAlreadyExists
from databricks.sdk.service import workspace

PROVIDER = "azureDevOpsServices"


def files(client: WorkspaceClient) -> None:
    client.workspace.mkdirs("/Shared/judge/deep")
    assert list(client.workspace.list("/Shared/judge/deep")) == []
    client.workspace.upload("/Shared/judge/a.csv", io.BytesIO(b"1,2\n"), format=workspace.ImportFormat.AUTO)
    client.workspace.upload("/Shared/judge/train.py", io.BytesIO(b"# Databricks notebook source\nprint(1)\n"))
    with client.workspace.download("/Shared/judge/a.csv") as read:
        assert read.read() == b"1,2\n"
    try:
        client.workspace.upload("/Shared/judge/a.csv", io.BytesIO(b"3\n"), format=workspace.ImportFormat.AUTO)
    except (BadRequest, ResourceAlreadyExists):
        print("nothing is overwritten unasked")
    rows = client.workspace.list("/Shared/judge", recursive=True)
    print("listed", *sorted(f"{row.object_type.value}:{row.path}" for row in rows if row.object_type))
    try:
        client.workspace.delete("/Shared/judge")
    except BadRequest as error:
        print("refused:", error)
    client.workspace.delete("/Shared/judge", recursive=True)
    try:
        client.workspace.get_status("/Shared/judge")
    except NotFound as error:
        print("deleted:", error)


def dbfs(client: WorkspaceClient) -> None:
    content = os.urandom(3 * 1024 * 1024)
    client.dbfs.mkdirs("/judge/deep")
    client.dbfs.upload("/judge/deep/blob", io.BytesIO(content), overwrite=True)
    with client.dbfs.download("/judge/deep/blob") as read:
        assert read.read() == content
    assert [(row.path, row.file_size) for row in client.dbfs.list("/judge/deep")] == [
        ("/judge/deep/blob", len(content))]
    client.dbfs.move_("/judge/deep/blob", "/judge/blob", recursive=False, overwrite=False)
    assert client.dbfs.exists("/judge/blob")
    client.dbfs.delete("/judge", recursive=True)
    assert not client.dbfs.exists("/judge/blob")
    print("dbfs kept", len(content))


def git_folders(client: WorkspaceClient) -> None:
    url = os.environ["GIT_URL"]
    try:
        client.repos.create(url, PROVIDER, path="/Repos/judge/none")
    except PermissionDenied as error:
        print("refused:", str(error).partition(".")[0])
    credential = client.git_credentials.create(PROVIDER, git_username="judge",
                                               personal_access_token=os.environ["GIT_TOKEN"])
    client.workspace.mkdirs("/Repos/judge")
    made = client.repos.create(url, PROVIDER, path="/Repos/judge/churn")
    assert (made.branch, made.provider) == ("main", PROVIDER)
    first = made.head_commit_id
    client.repos.update(made.id or 0, branch="feature/x")
    found = client.repos.get(made.id or 0)
    assert found.branch == "feature/x"
    assert found.head_commit_id != first
    client.repos.update(made.id or 0, tag="v1")
    at_tag = client.repos.get(made.id or 0)
    assert (at_tag.branch, at_tag.head_commit_id) == (None, first), at_tag
    assert [repo.id for repo in client.repos.list(path_prefix="/Repos/judge")] == [made.id]
    assert client.workspace.get_status("/Repos/judge/churn").object_type is workspace.ObjectType.REPO
    print("git folder at", first)
    client.repos.delete(made.id or 0)
    client.git_credentials.delete(credential.credential_id)


if __name__ == "__main__":
    sdk = WorkspaceClient()
    files(sdk)
    dbfs(sdk)
    git_folders(sdk)
