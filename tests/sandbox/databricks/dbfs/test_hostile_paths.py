from __future__ import annotations

import os
from pathlib import Path

import pytest

from sandbox.databricks.dbfs.paths import read_path
from sandbox.databricks.errors import ApiError
from tests.sandbox.databricks.dbfs.conftest import Dbfs

BAD = ["/..", "/a/../../x", "/./a", "a", "../a", "", "dbfs:a", "/a\0b", "/" + "n" * 256, "/a" * 1025, "/\ud800",
       "file:/etc/passwd", "dbfs://host/../a"]


@pytest.mark.parametrize("path", BAD, ids=range(len(BAD)))
def test_path_that_leads_nowhere_good_is_refused(path: str) -> None:
    with pytest.raises(ApiError) as refused:
        read_path(path)
    assert (refused.value.status, refused.value.error_code) == (400, "INVALID_PARAMETER_VALUE")


@pytest.mark.parametrize(("text", "path"), [
    ("/", "/"), ("/a/b/", "/a/b"), ("//a///b", "/a/b"), ("dbfs:/a", "/a"), ("/a..b/c", "/a..b/c"),
    ("/%2e%2e", "/%2e%2e"), ("/" + "n" * 255, "/" + "n" * 255), ("/a" * 1024, "/a" * 1024),
], ids=range(8))
def test_path_is_read_as_it_means(text: str, path: str) -> None:
    assert read_path(text) == path


@pytest.mark.parametrize("target", [
    "/dbfs/../outside", "/dbfs/%2e%2e/outside", "/dbfs/a/%2e%2e%2f%2e%2e/outside", "/dbfs/..%2foutside",
    "/dbfs/a%00b",
])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_request_line_leads_out_of_the_folder(dbfs: Dbfs, method: str, target: str) -> None:
    outside = dbfs.folder.parent / "outside"
    assert dbfs.raw(method, target, b"x").status == 400
    assert not outside.exists()


@pytest.fixture
def outside(dbfs: Dbfs, tmp_path: Path) -> Path:
    """A file that a link inside DBFS leads to, as a notebook could make one."""
    file = tmp_path / "folder" / "secret"
    file.parent.mkdir()
    file.write_text("secret")
    (dbfs.folder / "link").symlink_to(file.parent)
    (dbfs.folder / "file-link").symlink_to(file)
    return file


@pytest.mark.parametrize("path", ["/link/secret", "/file-link"])
def test_link_out_of_the_folder_is_not_followed(dbfs: Dbfs, outside: Path, path: str) -> None:
    assert dbfs.client.get("2.0/dbfs/read", path=path).code == "RESOURCE_DOES_NOT_EXIST"
    assert dbfs.put(path, b"mine", overwrite=True).status in {200, 400}
    assert outside.read_text() == "secret"


def test_nothing_is_written_through_a_link(dbfs: Dbfs, outside: Path) -> None:
    assert dbfs.put("/link/new").status == 400
    assert dbfs.client.post("2.0/dbfs/mkdirs", path="/link/new").status == 400
    assert [file.name for file in outside.parent.iterdir()] == ["secret"]


def test_what_a_link_leads_to_is_not_deleted_with_it(dbfs: Dbfs, outside: Path) -> None:
    dbfs.put("/a/b")
    (dbfs.folder / "a" / "link").symlink_to(outside.parent)
    dbfs.client.post("2.0/dbfs/delete", path="/a", recursive=True)
    assert (dbfs.names("/"), outside.read_text()) == ([], "secret")


def test_deleted_link_leaves_the_folder_it_led_to(dbfs: Dbfs) -> None:
    dbfs.put("/a/b")
    (dbfs.folder / "link").symlink_to(dbfs.folder / "a")
    assert dbfs.client.post("2.0/dbfs/delete", path="/link", recursive=True).body == {}
    assert (dbfs.names("/"), dbfs.names("/a")) == (["/a"], ["/a/b"])


def test_pipe_is_not_waited_for(dbfs: Dbfs) -> None:
    os.mkfifo(dbfs.folder / "pipe")
    assert dbfs.client.get("2.0/dbfs/read", path="/pipe").code == "INVALID_PARAMETER_VALUE"
    assert dbfs.raw("GET", "/dbfs/pipe").status == 400
