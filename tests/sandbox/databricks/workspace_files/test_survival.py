"""Files, folders and their ids and rights over a stop, and over a kill between the disk and the record."""
from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from sandbox.clock import FakeClock
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.workspace_files.conftest import NOTEBOOK, Files
from tests.sandbox.databricks.workspace_files.kills import Ask, again, everything_in, killed_before_it_answered

NEW = base64.b64encode(b"new").decode()


@pytest.fixture
def workspace(clock: FakeClock, tmp_path: Path) -> Workspace:
    return Workspace("dev", tenant=Tenant(clock=clock), clock=clock, folder=tmp_path / "dev")


@pytest.fixture
def filled(files: Files) -> Files:
    """`/Shared/a` holds a file, a notebook and an empty folder."""
    files.post("mkdirs", "/Shared/a/empty")
    files.put("/Shared/a/f.txt", "old")
    files.put("/Shared/a/train.py", NOTEBOOK)
    return files


def reopened(workspace: Workspace) -> Files:
    workspace = again(workspace)
    return Files(Client(workspace, workspace.token))


def test_what_is_listed_is_listed_again(filled: Files, workspace: Workspace, clock: FakeClock) -> None:
    before = [filled.get("list", path).body for path in ("/", "/Shared", "/Shared/a", "/Shared/a/f.txt")]
    clock.advance(60)
    after = reopened(workspace)
    assert [after.get("list", path).body for path in ("/", "/Shared", "/Shared/a", "/Shared/a/f.txt")] == before
    assert after.content("/Shared/a/f.txt") == "old"


def test_rights_and_owners_stay(workspace: Workspace, owner: Client, filled: Files) -> None:
    home = "/Users/owner@example.test"
    Files(owner).put(f"{home}/mine.txt")
    number = filled.get("get-status", f"{home}/mine.txt").body["object_id"]
    before = filled.client.get(f"2.0/permissions/files/{number}").body
    again_open = again(workspace)
    theirs = Files(Client(again_open, again_open.add_token("owner@example.test")))
    assert Files(Client(again_open, again_open.token)).client.get(f"2.0/permissions/files/{number}").body == before
    assert theirs.content(f"{home}/mine.txt") == "text"


def test_ids_do_not_come_twice(filled: Files, workspace: Workspace) -> None:
    gone = filled.put("/Shared/b.txt").body["object_id"]
    filled.post("delete", "/Shared/b.txt")
    assert reopened(workspace).put("/Shared/b.txt").body["object_id"] > gone


@pytest.mark.parametrize("ask", [
    ("POST", "2.0/workspace/import", {"path": "/Shared/a/new", "format": "AUTO", "content": NEW}),
    ("POST", "2.0/workspace/import", {"path": "/Shared/a/f.txt", "format": "AUTO", "content": NEW, "overwrite": True}),
    ("POST", "2.0/workspace/import", {"path": "/Shared/a/train", "format": "SOURCE", "language": "SQL", "content": NEW,
                                      "overwrite": True}),
    ("POST", "2.0/workspace/mkdirs", {"path": "/Shared/a/x/y/z"}),
    ("POST", "2.0/workspace/delete", {"path": "/Shared/a", "recursive": True}),
    ("POST", "2.0/workspace/delete", {"path": "/Shared/a/f.txt"}),
], ids=["new file", "overwritten", "other language", "folders", "folder removed", "file removed"])
def test_what_was_never_answered_never_happened(filled: Files, workspace: Workspace, ask: Ask) -> None:
    disk = workspace.state.folder / "files"
    before = everything_in(disk), filled.get("list", "/Shared/a").body
    workspace.close()
    [told] = killed_before_it_answered(workspace.state.folder, ask)
    assert told.startswith("200"), told
    assert everything_in(disk) != before[0]
    after = reopened(workspace)
    assert (everything_in(disk), after.get("list", "/Shared/a").body) == before
    assert not any((workspace.state.folder / "journal").iterdir())


@pytest.mark.usefixtures("filled")
def test_several_changes_of_one_object_are_taken_back_in_turn(workspace: Workspace) -> None:
    before = everything_in(workspace.state.folder / "files")
    workspace.close()
    body: dict[str, Any] = {"path": "/Shared/a/f.txt", "format": "AUTO", "content": NEW, "overwrite": True}
    killed_before_it_answered(
        workspace.state.folder, ("POST", "2.0/workspace/import", body),
        ("POST", "2.0/workspace/delete", {"path": "/Shared/a", "recursive": True}),
        ("POST", "2.0/workspace/mkdirs", {"path": "/Shared/a"}), ("POST", "2.0/workspace/import", body))
    reopened(workspace)
    assert everything_in(workspace.state.folder / "files") == before


def test_what_was_acknowledged_stays_when_the_next_change_is_taken_back(filled: Files, workspace: Workspace) -> None:
    filled.put("/Shared/a/f.txt", "newer", overwrite=True)
    workspace.close()
    killed_before_it_answered(workspace.state.folder, ("POST", "2.0/workspace/delete", {"path": "/Shared/a/f.txt"}))
    assert reopened(workspace).content("/Shared/a/f.txt") == "newer"


def test_a_home_that_was_half_made_is_there_for_its_owner(workspace: Workspace) -> None:
    home = "/Users/admin@example.test"
    killed_before_it_answered(workspace.state.folder, ("GET", "2.0/workspace/list", {"path": home}))
    assert reopened(workspace).put(f"{home}/a.txt").status == 200


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("note", ['{"disk": "fil', "[]", "{}", '{"disk": 1, "was_there": true}'])
def test_a_note_that_was_half_written_or_is_none_is_no_harm(workspace: Workspace, note: str) -> None:
    (workspace.state.folder / "journal" / "999.json").write_text(note)
    assert reopened(workspace).content("/Shared/a/f.txt") == "old"
