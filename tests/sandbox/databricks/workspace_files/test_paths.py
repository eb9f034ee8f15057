from __future__ import annotations

import pytest

from sandbox.databricks.errors import ApiError
from sandbox.databricks.workspace_files.paths import ancestors, is_below, read_path


@pytest.mark.parametrize(("text", "path"), [
    ("/", "/"), ("//a///b/", "/a/b"), ("/Workspace/Users/a", "/Users/a"), ("/Workspace", "/"),
    ("/a/Workspace", "/a/Workspace"), ("/a/%2f..", "/a/%2f.."), ("/a/...", "/a/..."), ("/ä ö", "/ä ö"),
])
def test_paths_are_read(text: str, path: str) -> None:
    assert read_path(text) == path


@pytest.mark.parametrize(("text", "told"), [
    ("a/b", "doesn't start with '/'"), ("/a/../b", "Invalid request path"), ("/..", "Invalid request path"),
    ("/a/./b", "Invalid request path"), ("/a\0b", "NUL"), ("/\ud800", "UTF-8"), ("\ud800", "UTF-8"),
    ("/" + "x" * 256, "too long"),
    ("/x" * 2000, "too long"),
], ids=["relative", "up", "only up", "here", "nul", "surrogate", "only surrogate", "long name", "long path"])
def test_tricks_are_refused(text: str, told: str) -> None:
    with pytest.raises(ApiError, match=told):
        read_path(text)


def test_ancestors_go_up_to_the_root() -> None:
    assert (ancestors("/a/b/c"), ancestors("/")) == (["/a/b", "/a", "/"], [])


@pytest.mark.parametrize(("path", "folder", "below"), [
    ("/a/b", "/a", True), ("/a", "/a", False), ("/ab", "/a", False), ("/a", "/", True),
])
def test_below_goes_by_whole_names(path: str, folder: str, below: bool) -> None:
    assert is_below(path, folder) is below
