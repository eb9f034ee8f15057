"""The Workspace API: pitfalls F7 and F9, and what the contract says in its section 7."""
from __future__ import annotations

import base64
import json
import os

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.workspace_files.conftest import NOTEBOOK, Files


def test_an_empty_folder_is_listed_as_an_empty_object(files: Files) -> None:
    """F7: an empty folder is {}."""
    files.post("mkdirs", "/Shared/a/b")
    assert (files.get("list", "/Shared/a/b").body, files.types("/Shared/a")) == ({}, {"/Shared/a/b": "DIRECTORY"})


def test_a_listed_file_is_its_own_row(files: Files) -> None:
    """F7: the list of a file is the file."""
    files.put("/Shared/a.txt")
    assert files.types("/Shared/a.txt") == {"/Shared/a.txt": "FILE"}


@pytest.mark.parametrize("operation", ["list", "get-status", "export"])
def test_a_missing_path_is_404(files: Files, operation: str) -> None:
    """F7: with the service's words."""
    reply = files.get(operation, "/Shared/x")
    assert (reply.status, reply.code) == (404, "RESOURCE_DOES_NOT_EXIST")
    assert reply.message == "Path (/Shared/x) doesn't exist."


@pytest.mark.parametrize("operation", ["list", "get-status", "export"])
def test_the_path_is_required(files: Files, operation: str) -> None:
    assert files.client.get(f"2.0/workspace/{operation}").message == "Missing required field: path"


def test_mkdirs_makes_what_is_missing_and_may_be_repeated(files: Files) -> None:
    assert [files.post("mkdirs", "/Shared/a/b/c").body for _ in range(2)] == [{}, {}]
    assert files.get("get-status", "/Shared/a/b/c").body["object_type"] == "DIRECTORY"


@pytest.mark.parametrize("path", ["/Shared/a.txt", "/Shared/a.txt/below"])
def test_mkdirs_over_a_file_is_refused(files: Files, path: str) -> None:
    files.put("/Shared/a.txt")
    assert files.post("mkdirs", path).code == "RESOURCE_ALREADY_EXISTS"


def test_import_needs_the_parent_folder(files: Files) -> None:
    """F7: a missing parent is 404."""
    reply = files.put("/Shared/no/a.txt")
    assert (reply.status, reply.message) == (404, "The parent folder (/Shared/no) does not exist.")


def test_import_replaces_only_when_told_to(files: Files) -> None:
    """F7: import over something needs overwrite."""
    files.put("/Shared/a.txt", "old")
    reply = files.put("/Shared/a.txt", "new")
    assert (reply.status, reply.code, files.content("/Shared/a.txt")) == (400, "RESOURCE_ALREADY_EXISTS", "old")
    assert files.put("/Shared/a.txt", "new", overwrite=True).status == 200
    assert files.content("/Shared/a.txt") == "new"


def test_a_replaced_object_keeps_its_id(files: Files) -> None:
    first = files.put("/Shared/a.txt").body["object_id"]
    assert files.put("/Shared/a.txt", overwrite=True).body["object_id"] == first


@pytest.mark.parametrize(("name", "content", "told"), [
    ("/Shared/train", "text", "asked: FILE, actual: NOTEBOOK"),
    ("/Shared/train.py", "no notebook", "asked: FILE, actual: NOTEBOOK"),
    ("/Shared/data", "text", "asked: FILE, actual: DIRECTORY"),
])
def test_import_does_not_change_the_type(files: Files, name: str, content: str, told: str) -> None:
    files.put("/Shared/train.py", NOTEBOOK)
    files.post("mkdirs", "/Shared/data")
    assert told in files.put(name, content, overwrite=True).message


@pytest.mark.parametrize(("name", "content", "path", "kind"), [
    ("train.py", NOTEBOOK, "train", "NOTEBOOK"), ("plain.py", "x = 1\n", "plain.py", "FILE"),
    ("q.sql", "-- Databricks notebook source\nselect 1", "q", "NOTEBOOK"),
    ("n.ipynb", '{"cells": []}', "n", "NOTEBOOK"), ("a.b.txt", "x", "a.b.txt", "FILE"),
])
def test_auto_goes_by_extension_and_first_line(files: Files, name: str, content: str, path: str, kind: str) -> None:
    files.put(f"/Shared/{name}", content)
    assert files.types("/Shared") == {f"/Shared/{path}": kind}


def test_source_becomes_a_notebook_without_extension(files: Files) -> None:
    files.put("/Shared/train", "print(1)\n", format="SOURCE", language="PYTHON")
    status = files.get("get-status", "/Shared/train").body
    assert (status["object_type"], status["language"]) == ("NOTEBOOK", "PYTHON")
    assert files.content("/Shared/train") == NOTEBOOK


@pytest.mark.parametrize(("fields", "told"), [
    ({"format": "SOURCE"}, "The language must be specified"), ({"format": "DBC"}, "not an archive of notebooks"),
    ({"format": "JUPYTER"}, "not a Jupyter notebook"),
])
def test_import_refuses_what_it_cannot_take(files: Files, fields: dict[str, str], told: str) -> None:
    assert told in files.put("/Shared/x", **fields).message


def test_content_is_base64(files: Files) -> None:
    assert files.post("import", "/Shared/x", format="AUTO", content="%%%").message == "content is not base64"


def test_import_has_a_size_limit(files: Files) -> None:
    """F7: 10 MB."""
    limit = 10 * 1024 * 1024
    assert files.put("/Shared/a.bin", b"x" * limit).status == 200
    reply = files.put("/Shared/b.bin", b"x" * (limit + 1))
    assert (reply.status, reply.code) == (400, "MAX_NOTEBOOK_SIZE_EXCEEDED")


def test_export_has_a_size_limit_but_for_raw_bytes(files: Files) -> None:
    """F7: 10 MB; larger files come about in other ways than by import."""
    files.put("/Shared/a.bin")
    large = b"x" * (10 * 1024 * 1024 + 1)
    files.client.workspace.state.files.tree.write("/Shared/a.bin", large)
    reply = files.get("export", "/Shared/a.bin")
    assert (reply.status, reply.code) == (400, "MAX_NOTEBOOK_SIZE_EXCEEDED")
    assert files.raw("GET", "workspace/export", path="/Shared/a.bin", direct_download="true").body == large


def test_a_notebook_in_another_format_replaces_the_file_beneath(files: Files) -> None:
    files.put("/Shared/n.ipynb", '{"cells": [{"cell_type": "code", "source": "x"}]}')
    files.put("/Shared/n", "y", format="SOURCE", language="PYTHON", overwrite=True)
    assert files.types("/Shared") == {"/Shared/n": "NOTEBOOK"}
    assert "y" in files.content("/Shared/n")


def test_export_turns_notebooks_both_ways(files: Files) -> None:
    files.put("/Shared/train.py", NOTEBOOK + "\n# COMMAND ----------\n\n# MAGIC %md\n# MAGIC # Title\n")
    cells = json.loads(files.content("/Shared/train", format="JUPYTER"))["cells"]
    assert [(cell["cell_type"], "".join(cell["source"])) for cell in cells] == [
        ("code", "print(1)"), ("markdown", "# Title")]
    files.put("/Shared/n.ipynb", json.dumps({"cells": cells}))
    assert files.content("/Shared/n") == NOTEBOOK + "\n# COMMAND ----------\n\n# MAGIC %md # Title\n"


def test_export_is_raw_when_asked(files: Files) -> None:
    """F7: export gives raw bytes or base64."""
    files.put("/Shared/a.bin", b"\0\xff")
    reply = files.raw("GET", "workspace/export", path="/Shared/a.bin", direct_download="true")
    assert (reply.status, reply.body) == (200, b"\0\xff")
    assert base64.b64decode(files.get("export", "/Shared/a.bin").body["content"]) == b"\0\xff"


def test_delete_of_a_full_folder_needs_recursive(files: Files) -> None:
    """F9: DIRECTORY_NOT_EMPTY without recursive."""
    files.post("mkdirs", "/Shared/a/b")
    reply = files.post("delete", "/Shared/a")
    assert (reply.status, reply.code) == (400, "DIRECTORY_NOT_EMPTY")
    assert (files.post("delete", "/Shared/a", recursive=True).body, files.types("/Shared")) == ({}, {})


@pytest.mark.parametrize("path", ["/", "/Users", "/Repos", "/Shared"])
def test_the_folders_everyone_has_stay(files: Files, path: str) -> None:
    assert files.post("delete", path, recursive=True).code == "DIRECTORY_PROTECTED"


def test_what_was_deleted_can_be_made_again_under_a_new_id(files: Files) -> None:
    first = files.put("/Shared/a.txt").body["object_id"]
    files.post("delete", "/Shared/a.txt")
    assert files.put("/Shared/a.txt").body["object_id"] != first


@pytest.mark.parametrize(("operation", "path"), [("import", "/Repos/dev/a.txt"), ("mkdirs", "/Repos/dev/folder")])
def test_folders_of_repos_hold_git_folders_only(files: Files, operation: str, path: str) -> None:
    files.post("mkdirs", "/Repos/dev")
    reply = files.put(path) if operation == "import" else files.post(operation, path)
    assert (reply.code, reply.message) == ("DIRECTORY_PROTECTED", "Top-level folder can only contain repos")


def test_a_path_that_goes_up_is_answered_in_plain_text(files: Files) -> None:
    """F7: `..` gets a plain text 400."""
    reply = files.raw("POST", "workspace/import", {"path": "/Shared/../../etc", "content": "eA=="})
    assert (reply.status, reply.body) == (400, b"Invalid request path")


def test_an_encoded_slash_is_part_of_a_name(files: Files) -> None:
    files.put("/Shared/..%2f..%2fetc", "x")
    assert files.types("/Shared") == {"/Shared/..%2f..%2fetc": "FILE"}


def test_links_out_of_the_workspace_are_not_there(files: Files, workspace: Workspace) -> None:
    workspace.state.files.tree.disk("/Shared/link").symlink_to("/etc")
    workspace.state.files.tree.disk("/Shared/file").symlink_to("/etc/passwd")
    assert files.types("/Shared") == {}
    assert [files.get("export", path).status for path in ("/Shared/file", "/Shared/link/passwd")] == [404, 404]
    assert files.put("/Shared/link/new.txt").status == 404


def test_names_that_are_no_text_are_not_shown(files: Files, workspace: Workspace) -> None:
    folder = os.fsencode(workspace.state.files.tree.disk("/Shared"))
    with open(folder + b"/\xff", "wb"):  # noqa: PTH123 - pathlib takes no bytes
        pass
    assert files.types("/Shared") == {}


def test_times_are_milliseconds_of_the_workspace_s_clock(files: Files) -> None:
    files.put("/Shared/a.txt")
    assert files.get("get-status", "/Shared/a.txt").body["modified_at"] == 1_700_000_000_000


def test_a_change_keeps_the_time_something_was_made(files: Files, clock: FakeClock) -> None:
    files.put("/Shared/a.txt")
    clock.advance(60)
    files.put("/Shared/a.txt", overwrite=True)
    status = files.get("get-status", "/Shared/a.txt").body
    assert (status["created_at"], status["modified_at"]) == (1_700_000_000_000, 1_700_000_060_000)


def test_notebooks_of_before_a_moment_may_be_left_out(files: Files, clock: FakeClock) -> None:
    for name in ("old", "new"):
        files.put(f"/Shared/{name}.py", NOTEBOOK)
        files.put(f"/Shared/{name}.txt")
        clock.advance(60)
    rows = files.get("list", "/Shared", notebooks_modified_after="1700000000001").body["objects"]
    assert [row["path"] for row in rows] == ["/Shared/new", "/Shared/new.txt", "/Shared/old.txt"]


def test_ids_are_above_what_floating_point_numbers_hold(files: Files) -> None:
    number = files.put("/Shared/a.txt").body["object_id"]
    assert int(float(number)) != number


def test_strict_mode_names_unknown_fields(strict_workspace: Workspace) -> None:
    client = Client(strict_workspace, strict_workspace.token)
    assert "unknown field 'overwrit'" in Files(client).put("/Shared/a", overwrit=True).message


def test_the_workspace_prefix_means_the_same_place(files: Files) -> None:
    files.put("/Workspace/Shared/a.txt")
    assert files.types("/Shared") == {"/Shared/a.txt": "FILE"}
