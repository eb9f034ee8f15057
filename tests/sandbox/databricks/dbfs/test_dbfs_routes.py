from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.dbfs.conftest import Dbfs


def test_file_is_read_back_as_it_was_put(dbfs: Dbfs) -> None:
    content = bytes(range(256))
    assert dbfs.put("/a/b/c.bin", content).body == {}
    assert dbfs.get("dbfs:/a/b/c.bin") == content


def test_status_tells_size_and_kind(dbfs: Dbfs) -> None:
    dbfs.put("/a/b.txt", b"12345")
    file, folder = (dbfs.client.get("2.0/dbfs/get-status", path=path).body for path in ("/a/b.txt", "/a/"))
    changed = dbfs.client.workspace.state.dbfs.file("/a/b.txt").stat().st_mtime_ns // 1_000_000
    assert abs(file.pop("modification_time") - changed) <= 1
    assert file == {"path": "/a/b.txt", "is_dir": False, "file_size": 5}
    assert (folder["path"], folder["is_dir"], folder["file_size"]) == ("/a", True, 0)


def test_list_shows_a_folder_by_name(dbfs: Dbfs) -> None:
    for name in ("/a/c", "/a/b", "/a/d/e"):
        dbfs.put(name)
    assert dbfs.names("/a") == ["/a/b", "/a/c", "/a/d"]
    assert dbfs.names("/a/b") == ["/a/b"]
    assert dbfs.names("/") == ["/a"]


def test_empty_folder_is_an_empty_answer(dbfs: Dbfs) -> None:
    dbfs.client.post("2.0/dbfs/mkdirs", path="/a/b")
    assert dbfs.client.get("2.0/dbfs/list", path="/a/b").body == {}


@pytest.mark.parametrize(("method", "path", "fields"), [
    ("GET", "get-status", {"path": "/no"}), ("GET", "list", {"path": "/no"}), ("GET", "read", {"path": "/no"}),
    ("POST", "move", {"source_path": "/no", "destination_path": "/new"}),
    ("POST", "move", {"source_path": "/file", "destination_path": "/no/new"}),
    ("POST", "add-block", {"handle": 7, "data": ""}), ("POST", "close", {"handle": 7}),
])
def test_what_is_missing_is_told_so(dbfs: Dbfs, method: str, path: str, fields: dict[str, Any]) -> None:
    dbfs.put("/file")
    reply = dbfs.client.ask(method, f"2.0/dbfs/{path}", fields)
    assert (reply.status, reply.code) == (404, "RESOURCE_DOES_NOT_EXIST")


@pytest.mark.parametrize(("path", "fields"), [
    ("put", {"path": "/file"}), ("create", {"path": "/file"}), ("put", {"path": "/folder", "overwrite": True}),
    ("create", {"path": "/folder", "overwrite": True}), ("put", {"path": "/file/inside"}),
    ("put", {"path": "/", "overwrite": True}), ("mkdirs", {"path": "/file"}), ("mkdirs", {"path": "/file/inside"}),
    ("move", {"source_path": "/folder", "destination_path": "/file"}),
    ("move", {"source_path": "/file", "destination_path": "/folder"}),
])
def test_what_is_in_the_way_is_told_so(dbfs: Dbfs, path: str, fields: dict[str, Any]) -> None:
    for name in ("/file", "/folder/file"):
        dbfs.put(name)
    reply = dbfs.client.post(f"2.0/dbfs/{path}", **fields)
    assert (reply.status, reply.code) == (400, "RESOURCE_ALREADY_EXISTS")
    assert dbfs.get("/file") == b"content"


@pytest.mark.parametrize(("method", "path", "fields", "code", "message"), [
    ("GET", "read", {"path": "/folder"}, "INVALID_PARAMETER_VALUE", "The path /folder is not a file."),
    ("GET", "read", {"path": "/file", "offset": -1}, "INVALID_PARAMETER_VALUE",
     "offset and length must not be negative, got -1 and 524288"),
    ("GET", "read", {"path": "/file", "length": -1}, "INVALID_PARAMETER_VALUE",
     "offset and length must not be negative, got 0 and -1"),
    ("GET", "read", {"path": "/file", "length": 1024 * 1024 + 1}, "MAX_READ_SIZE_EXCEEDED",
     "At most 1048576 bytes can be read at once, asked for 1048577."),
    ("GET", "list", {}, "INVALID_PARAMETER_VALUE", "Missing required field: path"),
    ("POST", "close", {}, "INVALID_PARAMETER_VALUE", "Missing required field: handle"),
    ("POST", "put", {"path": "/new", "contents": "!"}, "INVALID_PARAMETER_VALUE", "contents is not base64"),
    ("POST", "delete", {"path": "/folder"}, "IO_ERROR",
     "The directory /folder is not empty; delete it with recursive=true."),
    ("POST", "delete", {"path": "/"}, "INVALID_PARAMETER_VALUE", "The root of DBFS cannot be deleted"),
    ("POST", "move", {"source_path": "/folder", "destination_path": "/folder/in"}, "INVALID_PARAMETER_VALUE",
     "/folder cannot be moved into itself"),
])
def test_bad_call_is_refused(
        dbfs: Dbfs, method: str, path: str, fields: dict[str, Any], code: str, message: str) -> None:
    for name in ("/file", "/folder/file"):
        dbfs.put(name)
    reply = dbfs.client.ask(method, f"2.0/dbfs/{path}", fields)
    assert (reply.status, reply.code, reply.message) == (400, code, message)


@pytest.mark.parametrize(("size", "status"), [(1024 * 1024, 200), (1024 * 1024 + 1, 400)])
def test_block_has_at_most_a_megabyte(dbfs: Dbfs, size: int, status: int) -> None:
    reply = dbfs.put("/a", bytes(size))
    assert (reply.status, reply.body) == (status, {} if status == 200 else {
        "error_code": "MAX_BLOCK_SIZE_EXCEEDED", "message": "A block has at most 1048576 bytes, got 1048577."})


def test_read_takes_a_part(dbfs: Dbfs) -> None:
    dbfs.put("/a", b"0123456789")
    assert dbfs.client.get("2.0/dbfs/read", path="/a", offset="7", length="9").body == {
        "bytes_read": 3, "data": "Nzg5"}


def test_read_gives_half_a_megabyte_unless_told(dbfs: Dbfs) -> None:
    dbfs.put("/a", bytes(600 * 1024))
    assert dbfs.client.get("2.0/dbfs/read", path="/a").body["bytes_read"] == 512 * 1024
    assert dbfs.client.get("2.0/dbfs/read", path="/a", length=str(1024 * 1024)).body["bytes_read"] == 600 * 1024


def test_overwriting_replaces_the_file(dbfs: Dbfs) -> None:
    dbfs.put("/a", b"old and long")
    assert dbfs.put("/a", b"new", overwrite=True).status == 200
    assert dbfs.get("/a") == b"new"


@pytest.mark.parametrize("recursive", [False, True])
def test_deleted_file_is_gone(dbfs: Dbfs, recursive: bool) -> None:
    for name in ("/a", "/b"):
        dbfs.put(name)
    assert dbfs.client.post("2.0/dbfs/delete", path="/a", recursive=recursive).body == {}
    assert dbfs.names("/") == ["/b"]


def test_empty_folder_is_deleted(dbfs: Dbfs) -> None:
    dbfs.client.post("2.0/dbfs/mkdirs", path="/a")
    assert dbfs.client.post("2.0/dbfs/delete", path="/a").body == {}
    assert dbfs.names("/") == []


def test_folder_is_deleted_with_all_it_holds(dbfs: Dbfs) -> None:
    dbfs.put("/a/b/c")
    assert dbfs.client.post("2.0/dbfs/delete", path="/a", recursive=True).body == {}
    assert dbfs.names("/") == []


def test_deleting_what_is_not_there_is_fine(dbfs: Dbfs) -> None:
    assert dbfs.client.post("2.0/dbfs/delete", path="/no").body == {}


def test_moved_file_is_at_its_new_place_alone(dbfs: Dbfs) -> None:
    dbfs.put("/a/b")
    assert dbfs.client.post("2.0/dbfs/move", source_path="/a/b", destination_path="/a/c").body == {}
    assert dbfs.names("/a") == ["/a/c"]


def test_folder_moves_into_a_folder(dbfs: Dbfs) -> None:
    dbfs.put("/a/b")
    dbfs.put("/to/x")
    dbfs.client.post("2.0/dbfs/move", source_path="/a", destination_path="/to")
    assert (dbfs.names("/"), dbfs.names("/to/a")) == (["/to"], ["/to/a/b"])


def test_everyone_in_the_workspace_uses_the_same_files(dbfs: Dbfs, stranger: Client) -> None:
    dbfs.put("/a")
    assert stranger.get("2.0/dbfs/read", path="/a").status == 200


@pytest.mark.parametrize("offset", [1, 2, 2**62, 2**63 - 1])
def test_behind_the_end_there_is_nothing_to_read(dbfs: Dbfs, offset: int) -> None:
    dbfs.client.post("2.0/dbfs/put", path="/a", contents="eA==")
    assert dbfs.client.get("2.0/dbfs/read", path="/a", offset=str(offset)).body == {"bytes_read": 0, "data": ""}
