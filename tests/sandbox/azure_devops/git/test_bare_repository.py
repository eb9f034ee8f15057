from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.azure_devops.git.bare_repository import Author, BareRepository, File
from sandbox.azure_devops.git.git_process import GitError

AUTHOR = Author("Platform Team", "platform@example.com")


@pytest.fixture
def repository(tmp_path: Path) -> BareRepository:
    return BareRepository.create("churn", tmp_path / "churn.git")


def commit(repository: BareRepository, files: dict[str, File]) -> str:
    return repository.commit_files("refs/heads/main", files, message="Änder", author=AUTHOR)


def test_commit_holds_exactly_the_files_given(repository: BareRepository) -> None:
    commit(repository, {"old.txt": File(b"1")})
    second = commit(repository, {'a b/"ü".txt': File(b"\0\r\n"), "run": File(b"", executable=True)})
    assert repository.read(second, 'a b/"ü".txt') == b"\0\r\n"
    assert repository.read(second, "old.txt") is None
    assert repository.read(second, "a b") is None


def test_commit_stands_on_the_one_before(repository: BareRepository) -> None:
    first = commit(repository, {"a": File(b"1")})
    second = commit(repository, {"a": File(b"2")})
    assert repository.messages(second, known=[first]) == ["Änder"]
    assert repository.changed_paths(first, second, known=[]) == ["a"]


def test_equal_files_give_an_equal_tree(repository: BareRepository) -> None:
    first = commit(repository, {"a": File(b"1")})
    assert repository.tree(commit(repository, {"a": File(b"1")})) == repository.tree(first)


def test_creating_again_keeps_what_is_there(repository: BareRepository) -> None:
    first = commit(repository, {"a": File(b"1")})
    repository.point("refs/tags/v1", first)
    again = BareRepository.create("churn", repository.path)
    assert again.refs() == {"refs/heads/main": first, "refs/tags/v1": first}


def test_error_of_git_says_what_and_where(repository: BareRepository) -> None:
    with pytest.raises(GitError, match=r"git ls-tree in .*churn\.git: fatal: Not a valid object name nothing"):
        repository.read("nothing", "a")
