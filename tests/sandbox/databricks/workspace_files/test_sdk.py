"""The unmodified databricks-sdk as judge."""
from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import BadRequest, NotFound, ResourceAlreadyExists
from databricks.sdk.service.workspace import ExportFormat, ImportFormat, Language, ObjectType

from sandbox.databricks.workspace import Workspace
from sandbox.http.server import Server

NOTEBOOK = b"# Databricks notebook source\nprint(1)\n"


@pytest.fixture
def sdk(strict_workspace: Workspace) -> Iterator[WorkspaceClient]:
    with Server(strict_workspace.application) as server:
        yield WorkspaceClient(host=server.url, token=strict_workspace.token, auth_type="pat")


@pytest.mark.parametrize("content", [b"", b"text\r\n", b"\r\n--\r\n\0\xff\r\n", b"x" * 300_000],
                         ids=["empty", "line ends", "binary", "large"])
def test_uploads_come_back_as_they_were(sdk: WorkspaceClient, content: bytes) -> None:
    sdk.workspace.upload("/Shared/a.bin", io.BytesIO(content), format=ImportFormat.AUTO)
    assert sdk.workspace.download("/Shared/a.bin", format=ExportFormat.AUTO).read() == content


def test_upload_replaces_only_when_told_to(sdk: WorkspaceClient) -> None:
    sdk.workspace.upload("/Shared/train", NOTEBOOK, language=Language.PYTHON)
    with pytest.raises(ResourceAlreadyExists):
        sdk.workspace.upload("/Shared/train", NOTEBOOK, language=Language.PYTHON)
    sdk.workspace.upload("/Shared/train", b"print(2)", language=Language.PYTHON, overwrite=True)
    assert b"print(2)" in sdk.workspace.download("/Shared/train").read()


@pytest.mark.parametrize("kind", ["HTML", "JUPYTER", "DBC", "SOURCE"])
def test_a_notebook_is_downloaded_and_uploaded_again(sdk: WorkspaceClient, kind: str) -> None:
    sdk.workspace.upload("/Shared/train", NOTEBOOK, language=Language.PYTHON)
    content = sdk.workspace.download("/Shared/train", format=ExportFormat[kind]).read()
    sdk.workspace.upload("/Shared/again", content, format=ImportFormat[kind],
                         language=Language.PYTHON if kind == "SOURCE" else None)
    assert sdk.workspace.download("/Shared/again").read() == NOTEBOOK


def test_a_tree_is_walked(sdk: WorkspaceClient) -> None:
    sdk.workspace.mkdirs("/Shared/a/b")
    sdk.workspace.upload("/Shared/a/b/train.py", NOTEBOOK, format=ImportFormat.AUTO)
    found = [(row.path, row.object_type, row.language) for row in sdk.workspace.list("/Shared", recursive=True)]
    assert found == [("/Shared/a/b/train", ObjectType.NOTEBOOK, Language.PYTHON)]


def test_errors_become_the_sdk_s_own(sdk: WorkspaceClient) -> None:
    with pytest.raises(NotFound, match=r"Path \(/Shared/x\) doesn't exist"):
        sdk.workspace.get_status("/Shared/x")
    sdk.workspace.mkdirs("/Shared/a/b")
    with pytest.raises(BadRequest, match="not empty"):
        sdk.workspace.delete("/Shared/a")


def test_objects_are_deleted(sdk: WorkspaceClient) -> None:
    sdk.workspace.mkdirs("/Shared/a/b")
    sdk.workspace.delete("/Shared/a", recursive=True)
    assert list(sdk.workspace.list("/Shared")) == []
