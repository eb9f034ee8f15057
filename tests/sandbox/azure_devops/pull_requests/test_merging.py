from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.azure_devops.git.bare_repository import Author, BareRepository, File
from sandbox.azure_devops.git.commits import Signature, commit_record, log
from sandbox.azure_devops.git.git_process import GitError, run_git
from sandbox.azure_devops.pull_requests.merging import STRATEGIES, ConflictError, Merge, merged

ADA = Signature("Ada", "ada@example.com", 1_700_000_000)


@pytest.fixture
def repository(tmp_path: Path) -> BareRepository:
    """`topic` and `main` have one commit each beyond their common one."""
    made = BareRepository.create("churn", tmp_path / "churn.git")
    base = commit(made, "main", {"a": b"1\n2\n3\n", "b": b"b\n"})
    made.point("refs/heads/topic", base)
    commit(made, "main", {"a": b"0\n2\n3\n", "b": b"b\n"})
    commit(made, "topic", {"a": b"1\n2\n4\n", "b": b"b\n"})
    return made


def commit(repository: BareRepository, branch: str, files: dict[str, bytes]) -> str:
    content = {path: File(text) for path, text in files.items()}
    author = Author("Tom", "t@b.c")
    return repository.commit_files(f"refs/heads/{branch}", content, message=f"On {branch}", author=author)


def merge(repository: BareRepository) -> Merge:
    refs = repository.refs()
    return Merge(refs["refs/heads/topic"], refs["refs/heads/main"], "Merged\n", ADA)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_strategy_gives_the_same_files_and_moves_no_ref(repository: BareRepository, strategy: str) -> None:
    before = repository.refs()
    made, _ = merged(repository, merge(repository), strategy)
    assert repository.read(made, "a") == b"0\n2\n4\n"
    assert repository.refs() == before


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_conflict_is_told(repository: BareRepository, strategy: str) -> None:
    commit(repository, "topic", {"a": b"9\n2\n3\n", "b": b"b\n"})
    with pytest.raises(ConflictError):
        merged(repository, merge(repository), strategy)


def test_rebase_keeps_the_author_and_names_the_committer(repository: BareRepository) -> None:
    made, source = merged(repository, merge(repository), "rebase")
    record = commit_record(repository, made)
    assert (made == source, record.author.name, record.committer) == (True, "Tom", ADA)
    assert [one.message for one in log(repository, made)] == ["On topic", "On main", "On main"]


def test_rebase_leaves_nothing_behind(repository: BareRepository) -> None:
    merged(repository, merge(repository), "rebase")
    listed = run_git("worktree", "list", "--porcelain", folder=repository.path).decode()
    assert listed.count("worktree ") == 1


def test_branches_without_common_history_are_not_merged(repository: BareRepository) -> None:
    commit(repository, "alone", {"a": b"x"})
    lone = Merge(repository.refs()["refs/heads/alone"], repository.refs()["refs/heads/main"], "m", ADA)
    with pytest.raises(GitError, match="no common history"):
        merged(repository, lone)
