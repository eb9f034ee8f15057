"""Who may see, read, run, change and share what."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client, Reply
from tests.sandbox.databricks.workspace_files.conftest import NOTEBOOK, Files

HOME = "/Users/owner@example.test"


def grant(files: Files, path: str, level: str, user: str = "stranger@example.test") -> Reply:
    status = files.get("get-status", path).body
    kind = {"DIRECTORY": "directories", "NOTEBOOK": "notebooks", "FILE": "files"}[status["object_type"]]
    entry: dict[str, Any] = {"user_name": user, "permission_level": level}
    return files.client.ask("PATCH", f"2.0/permissions/{kind}/{status['object_id']}", {"access_control_list": [entry]})


@pytest.fixture
def guest(stranger: Client) -> Files:
    return Files(stranger)


def test_everyone_has_a_home_and_owns_what_is_in_it(theirs: Files) -> None:
    assert theirs.put(f"{HOME}/a.txt").status == 200
    assert theirs.types(HOME) == {f"{HOME}/a.txt": "FILE"}


def test_what_one_may_not_see_does_not_exist(theirs: Files, guest: Files) -> None:
    theirs.put(f"{HOME}/a.txt")
    assert [guest.get("get-status", path).status for path in (HOME, f"{HOME}/a.txt")] == [404, 404]
    assert guest.post("delete", f"{HOME}/a.txt").status == 404


def test_strangers_see_the_base_folders_without_what_is_hidden(theirs: Files, guest: Files) -> None:
    theirs.put(f"{HOME}/a.txt")
    assert guest.types("/") == {"/Repos": "DIRECTORY", "/Shared": "DIRECTORY", "/Users": "DIRECTORY"}
    assert guest.types("/Users") == {"/Users/stranger@example.test": "DIRECTORY"}


@pytest.mark.parametrize("path", ["/new", "/Users/nobody", "/Repos/dev", "/Repos/stranger@example.test"])
def test_only_admins_make_folders_at_the_top(files: Files, theirs: Files, path: str) -> None:
    assert (theirs.post("mkdirs", path).status, files.post("mkdirs", path).status) == (403, 200)


def test_one_s_own_folder_of_repos_may_be_made(theirs: Files) -> None:
    assert theirs.post("mkdirs", "/Repos/owner@example.test").body == {}


def test_shared_belongs_to_all(theirs: Files, guest: Files) -> None:
    theirs.put("/Shared/a.txt", "theirs")
    assert guest.put("/Shared/a.txt", "guest", overwrite=True).status == 200


@pytest.mark.parametrize(("level", "statuses"), [
    ("CAN_READ", [200, 403, 403]), ("CAN_RUN", [200, 403, 403]), ("CAN_EDIT", [200, 200, 403]),
    ("CAN_MANAGE", [200, 200, 200]),
])
def test_levels_allow_what_they_name(theirs: Files, guest: Files, level: str, statuses: list[int]) -> None:
    theirs.put(f"{HOME}/train.py", NOTEBOOK)
    grant(theirs, f"{HOME}/train", level)
    assert [guest.get("export", f"{HOME}/train").status, guest.put(f"{HOME}/train.py", NOTEBOOK, overwrite=True).status,
            guest.post("delete", f"{HOME}/train").status] == statuses


def test_rights_on_a_folder_hold_for_all_below(theirs: Files, guest: Files) -> None:
    theirs.post("mkdirs", f"{HOME}/a/b")
    theirs.put(f"{HOME}/a/b/c.txt")
    grant(theirs, f"{HOME}/a", "CAN_READ")
    assert guest.content(f"{HOME}/a/b/c.txt") == "text"


def test_inherited_rights_name_where_they_come_from(theirs: Files, guest: Files) -> None:
    theirs.post("mkdirs", f"{HOME}/a")
    folder = theirs.get("get-status", f"{HOME}/a").body["object_id"]
    theirs.put(f"{HOME}/a/c.txt")
    grant(theirs, f"{HOME}/a", "CAN_RUN")
    number = theirs.get("get-status", f"{HOME}/a/c.txt").body["object_id"]
    rows = theirs.client.get(f"2.0/permissions/files/{number}").body["access_control_list"]
    inherited = next(row for row in rows if row.get("user_name") == "stranger@example.test")["all_permissions"]
    assert inherited == [{"permission_level": "CAN_RUN", "inherited": True,
                          "inherited_from_object": [f"/directories/{folder}"]}]
    assert guest.get("list", f"{HOME}/a").status == 200


def test_putting_into_a_folder_needs_manage_on_it(theirs: Files, guest: Files) -> None:
    theirs.post("mkdirs", f"{HOME}/a")
    grant(theirs, f"{HOME}/a", "CAN_EDIT")
    assert (guest.put(f"{HOME}/a/x.txt").status, guest.post("mkdirs", f"{HOME}/a/b").status) == (403, 403)


def test_rights_end_with_the_object(theirs: Files, guest: Files) -> None:
    theirs.put(f"{HOME}/a.txt")
    grant(theirs, f"{HOME}/a.txt", "CAN_MANAGE")
    theirs.post("delete", f"{HOME}/a.txt")
    theirs.put(f"{HOME}/a.txt")
    assert guest.get("get-status", f"{HOME}/a.txt").status == 404


def test_rights_of_what_is_gone_cannot_be_asked_for(files: Files) -> None:
    path = f"2.0/permissions/files/{files.put('/Shared/a.txt').body['object_id']}"
    assert files.client.get(path).status == 200
    files.post("delete", "/Shared/a.txt")
    assert files.client.get(path).status == 404


def test_the_root_is_directory_0(files: Files, theirs: Files) -> None:
    assert files.get("get-status", "/").body["object_id"] == 0
    assert theirs.client.get("2.0/permissions/directories/0").status == 403


def test_a_principal_of_another_name_has_no_home_here(files: Files, workspace: Workspace) -> None:
    workspace.add_service_principal("11111111-2222-3333-4444-555555555555")
    home = "/Users/11111111-2222-3333-4444-555555555555"
    assert [files.get("get-status", path).status for path in (home, "/Users/nobody")] == [200, 404]


def test_a_folder_may_be_given_to_somebody_from_the_start(workspace: Workspace, theirs: Files, guest: Files) -> None:
    for name in ("owner@example.test", "stranger@example.test"):
        workspace.add_folder("/Repos/dev", workspace.add_user(name))
    assert (theirs.get("list", "/Repos/dev").status, guest.get("list", "/Repos/dev").status) == (200, 404)
