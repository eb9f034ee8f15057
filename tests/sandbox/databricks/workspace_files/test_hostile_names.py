"""Names and paths somebody chose to do harm, bodies that are too big, and many writers at once."""
from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from sandbox.databricks.workspace import Workspace
from sandbox.http.message import BODY_LIMIT, RequestRefusedError
from tests.sandbox.databricks.conftest import Reply
from tests.sandbox.databricks.workspace_files.conftest import NOTEBOOK, Files

WRITERS = 16


def everything_around(workspace: Workspace) -> set[str]:
    """What lies beside the workspace's files."""
    return {str(path) for path in Path(workspace.state.folder).iterdir()}


@pytest.mark.parametrize("path", [
    "/Shared/../../x", "/Shared/..", "/../etc/passwd", "/Shared/a/../../../x", "//..//x", "/Workspace/../x", "/./x"])
@pytest.mark.parametrize("operation", ["import", "mkdirs", "delete"])
def test_no_path_leads_out(files: Files, workspace: Workspace, operation: str, path: str) -> None:
    """F7: `..` is answered in plain text."""
    before = everything_around(workspace)
    reply = files.raw("POST", f"workspace/{operation}", {"path": path, "content": "eA==", "format": "AUTO"})
    assert (reply.status, reply.body, everything_around(workspace)) == (400, b"Invalid request path", before)


@pytest.mark.parametrize("path", ["/Shared/a\0b", "/Shared/\0", "relative", "/" + "x" * 256, "/x" * 2000])
def test_what_no_folder_could_hold_is_refused(files: Files, path: str) -> None:
    for operation in ("import", "mkdirs", "delete"):
        assert files.post(operation, path, content="eA==", format="AUTO").code == "INVALID_PARAMETER_VALUE"
    assert files.get("list", path).code == "INVALID_PARAMETER_VALUE"


@pytest.mark.parametrize("name", [
    "..%2f..%2fetc", "%00", "a b", "-rf", "*", "?", "'; drop table records; --", "a\nb", "\u202egnp.exe", "CON", ".git",
    "$(id)", "`id`", "~", "x" * 255, "ä" * 127, "\U0001f40d", "...", ".hidden", "1.json", "\u0085", "\u2028"])
def test_odd_names_are_names(files: Files, name: str) -> None:
    path = f"/Shared/{name}"
    number = files.put(path, name).body["object_id"]
    assert files.content(path) == name
    assert files.types("/Shared") == {path: "FILE"}
    assert files.get("get-status", path).body["object_id"] == number
    assert (files.post("delete", path).status, files.types("/Shared")) == (200, {})


@pytest.mark.parametrize(("size", "status"), [(252, 200), (253, 400), (255, 400)])
def test_a_notebook_s_name_leaves_room_for_its_extension(files: Files, size: int, status: int) -> None:
    path = "/Shared/" + "x" * size
    assert files.put(path, "1", format="SOURCE", language="PYTHON").status == status
    assert files.get("get-status", path).status == (200 if status == 200 else 404)


def test_case_and_composition_of_characters_tell_names_apart(files: Files) -> None:
    names = {"a", "A", unicodedata.normalize("NFC", "é"), unicodedata.normalize("NFD", "é")}
    for name in names:
        files.put(f"/Shared/{name}", name)
    assert set(files.types("/Shared")) == {f"/Shared/{name}" for name in names}
    assert all(files.content(f"/Shared/{name}") == name for name in names)


@pytest.mark.parametrize("path", ["/Shared/train.py", "/Shared/train.py/below"])
def test_a_folder_cannot_take_the_place_of_a_notebook_s_file(files: Files, path: str) -> None:
    files.put("/Shared/train.py", NOTEBOOK)
    assert files.post("mkdirs", path).code == "RESOURCE_ALREADY_EXISTS"
    assert files.types("/Shared") == {"/Shared/train": "NOTEBOOK"}


def test_a_notebook_cannot_take_the_place_of_a_folder(files: Files) -> None:
    files.post("mkdirs", "/Shared/train.py")
    assert "actual: DIRECTORY" in files.put("/Shared/train", "1", format="SOURCE", language="PYTHON",
                                            overwrite=True).message


def test_nothing_lies_below_a_file(files: Files) -> None:
    files.put("/Shared/a.txt")
    assert [files.put("/Shared/a.txt/b").status, files.post("mkdirs", "/Shared/a.txt/b").status,
            files.get("list", "/Shared/a.txt/b").status] == [404, 400, 404]


def test_a_body_that_is_too_large_is_refused_before_it_is_read_whole(files: Files) -> None:
    with pytest.raises(RequestRefusedError) as refusal:
        files.raw("POST", "workspace/import", b"x" * (BODY_LIMIT + 1))
    assert refusal.value.status == 413


@pytest.mark.parametrize("target", ["Shared/../../x", "Shared/%2e%2e/%2e%2e/x", "..%2f..%2fx", "%2e%2e"])
@pytest.mark.parametrize("route", ["workspace-files/import-file", "workspace-files"])
def test_no_address_leads_out(files: Files, workspace: Workspace, route: str, target: str) -> None:
    before = everything_around(workspace)
    reply = files.raw("GET" if route == "workspace-files" else "POST", f"{route}/{target}", b"x")
    assert (reply.status, reply.body, everything_around(workspace)) == (400, b"Invalid request path", before)


@pytest.mark.parametrize("encoded", ["Shared/a.txt", "Shared%2Fa.txt", "/Shared/a.txt"])
def test_an_address_may_encode_its_slashes(files: Files, encoded: str) -> None:
    assert files.raw("POST", f"workspace-files/import-file/{encoded}", b"\0\xff").status == 200
    assert files.raw("GET", f"workspace-files/{quote('Shared/a.txt')}").body == b"\0\xff"


def at_once(ask: Callable[[int], Reply]) -> list[Reply]:
    replies: list[Reply] = []
    threads = [threading.Thread(target=lambda number=number: replies.append(ask(number))) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return replies


def test_of_many_writers_one_makes_the_file(files: Files) -> None:
    replies = at_once(lambda number: files.put("/Shared/a.txt", str(number)))
    assert sorted(reply.status for reply in replies) == [200] + [400] * (WRITERS - 1)


def test_many_writers_leave_one_whole_file_of_one_id(files: Files) -> None:
    replies = at_once(lambda number: files.put("/Shared/a.txt", str(number) * 100_000, overwrite=True))
    assert len({reply.body["object_id"] for reply in replies}) == 1
    content = files.content("/Shared/a.txt")
    assert content in {str(number) * 100_000 for number in range(WRITERS)}


def test_making_and_removing_at_once_is_no_fault_of_ours(files: Files, workspace: Workspace) -> None:
    def ask(number: int) -> Reply:
        if number % 3 == 0:
            return files.post("delete", "/Shared/a", recursive=True)
        return files.post("mkdirs", "/Shared/a/b") if number % 3 == 1 else files.put("/Shared/a/b/c.txt")

    assert {reply.status for reply in at_once(ask)} <= {200, 400, 404}
    assert not list((workspace.state.folder / "journal").glob("*.new"))
