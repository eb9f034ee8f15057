"""Workspace files by their address: the way the newer command line puts and gets them."""
from __future__ import annotations

import json

import pytest

from tests.sandbox.databricks.workspace_files.conftest import NOTEBOOK, Files

ROUTE = "workspace-files/import-file/Shared"


def test_the_body_is_the_content(files: Files) -> None:
    assert files.raw("POST", f"{ROUTE}/a.json", b"{}").status == 200
    assert (files.content("/Shared/a.json"), files.types("/Shared")) == ("{}", {"/Shared/a.json": "FILE"})


def test_a_notebook_is_known_by_its_first_line(files: Files) -> None:
    files.raw("POST", f"{ROUTE}/train.py", NOTEBOOK.encode())
    assert files.types("/Shared") == {"/Shared/train": "NOTEBOOK"}


def test_it_replaces_only_when_told_to(files: Files) -> None:
    files.raw("POST", f"{ROUTE}/a", b"old")
    reply = files.raw("POST", f"{ROUTE}/a", b"new")
    assert (reply.status, json.loads(reply.body)["error_code"]) == (400, "RESOURCE_ALREADY_EXISTS")
    assert files.raw("POST", f"{ROUTE}/a", b"new", overwrite="true").status == 200
    assert files.raw("GET", "workspace-files/Shared/a").body == b"new"


def test_a_missing_parent_is_404(files: Files) -> None:
    assert files.raw("POST", f"{ROUTE}/no/a", b"x").status == 404


def test_it_has_the_size_limit_of_imports(files: Files) -> None:
    assert files.raw("POST", f"{ROUTE}/a", b"x" * (10 * 1024 * 1024 + 1)).status == 400


@pytest.mark.parametrize(("path", "status"), [("Shared", 400), ("Shared/no", 404)])
def test_only_files_are_read(files: Files, path: str, status: int) -> None:
    assert files.raw("GET", f"workspace-files/{path}").status == status


def test_rights_are_held(files: Files, theirs: Files) -> None:
    files.raw("POST", "workspace-files/import-file/Users/admin@example.test/a", b"x")
    path = "Users/admin@example.test/a"
    assert [theirs.raw("GET", f"workspace-files/{path}").status,
            theirs.raw("POST", f"workspace-files/import-file/{path}", b"y", overwrite="true").status] == [404, 404]
