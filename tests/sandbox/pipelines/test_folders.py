from __future__ import annotations

import pytest

from sandbox.pipelines.folders import checkout_folder, clone_folder_name

CLONES = [
    ("host:foo", "foo"), ("host:foo.git", "foo"), ("host:foo/.git", "foo"), ("ssh://host/foo", "foo"),
    ("ssh://host/foo.git///", "foo"), ("host:foo/repo", "repo"), ("ssh://host:1234/", "host"),
    ("ssh://user:passw@rd@host:1234/", "host"), ("Contoso/Central", "Central"), ("plain", "plain"),
]


@pytest.mark.parametrize(("address", "folder"), CLONES)
def test_a_clone_is_named_as_git_would_name_it(address: str, folder: str) -> None:
    assert clone_folder_name(address) == folder


LAYOUT = [
    ("team/tools", "", False, "s"), ("team/tools", "", True, "s/tools"),
    ("team/tools", "custom/dir", False, "custom/dir"), ("team/tools", "custom/dir", True, "custom/dir"),
]


@pytest.mark.parametrize(("repository", "path", "several", "folder"), LAYOUT)
def test_the_number_of_checkouts_decides_the_folder(repository: str, path: str, several: bool, folder: str) -> None:
    assert checkout_folder(repository, path, several=several) == folder
