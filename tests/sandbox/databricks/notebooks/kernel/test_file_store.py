from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.databricks.notebooks.kernel.file_store import FileStore


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "dbfs")


@pytest.mark.parametrize("path", ["/a/b.txt", "dbfs:/a/b.txt", "dbfs:///a//b.txt"])
def test_all_spellings_are_one_file(store: FileStore, path: str) -> None:
    store.put("/a/b.txt", "text")
    assert store.head(path) == "text"


def test_put_replaces_only_when_told_to(store: FileStore) -> None:
    store.put("/a", "old")
    with pytest.raises(FileExistsError, match="already exists"):
        store.put("/a", "new")
    assert (store.put("/a", "new", overwrite=True), store.head("/a"), store.head("/a", 2)) == (True, "new", "ne")


def test_folders_are_listed(store: FileStore) -> None:
    store.put("/a/b.txt", "text")
    store.mkdirs("/a/c")
    assert [(row.path, row.name, row.size) for row in store.ls("/a")] == [
        ("dbfs:/a/b.txt", "b.txt", 4), ("dbfs:/a/c/", "c/", 0)]
    assert [row.name for row in store.ls("/a/b.txt")] == ["b.txt"]


def test_files_are_copied_moved_and_removed(store: FileStore) -> None:
    store.put("/a/b.txt", "text")
    store.cp("/a", "/c", recurse=True)
    store.mv("/c/b.txt", "/d.txt")
    assert (store.head("/d.txt"), store.ls("/c")) == ("text", [])
    assert (store.rm("/a", recurse=True), store.rm("/a"), store.rm("/c"), store.rm("/d.txt")) == (
        True, False, True, True)


def test_a_local_file_is_named_as_one(store: FileStore, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("local")
    assert store.head(f"file:{tmp_path}/x") == "local"


def test_going_up_is_refused(store: FileStore) -> None:
    with pytest.raises(ValueError, match="not modelled"):
        store.head("dbfs:/../x")
