"""Commits as records: who wrote them, when, on which others they stand, and how two lines of them differ."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.azure_devops.git.bare_repository import BareRepository
from sandbox.azure_devops.git.git_process import GitError, run_git

_FORMAT = "%x1e%H%x00%T%x00%P%x00%an%x00%ae%x00%at%x00%cn%x00%ce%x00%ct%x00%B"


@dataclass(frozen=True)
class Signature:
    """`time` in seconds since 1970."""

    name: str
    email: str
    time: int


@dataclass(frozen=True)
class CommitRecord:
    id: str
    tree: str
    parents: tuple[str, ...]
    author: Signature
    committer: Signature
    message: str


def log(repository: BareRepository, *options: str, paths: Sequence[str] = ()) -> list[CommitRecord]:
    """What `git log` lists for these options and revisions; GitError for one that does not exist."""
    listed = run_git("--literal-pathspecs", "log", f"--format={_FORMAT}", "--no-show-signature", *options, "--", *paths,
                     folder=repository.path)
    return [_record(text) for text in listed.decode(errors="replace").split("\x1e")[1:]]


def commit_record(repository: BareRepository, commit: str) -> CommitRecord:
    return log(repository, "--max-count=1", commit)[0]


def ahead_behind(repository: BareRepository, tip: str, base: str) -> tuple[int, int]:
    """How many commits `tip` has that `base` has not, and the other way round."""
    counted = run_git("rev-list", "--left-right", "--count", f"{tip}...{base}", folder=repository.path)
    ahead, behind = counted.decode().split()
    return int(ahead), int(behind)


def merge_bases(repository: BareRepository, one: str, other: str) -> list[str]:
    """Best common ancestors; none where the two have no common history."""
    try:
        return run_git("merge-base", "--all", one, other, folder=repository.path).decode().split()
    except GitError:
        return []


def _record(text: str) -> CommitRecord:
    commit, tree, parents, *people, message = text.split("\0", 9)
    return CommitRecord(commit, tree, tuple(parents.split()), _signature(people[:3]), _signature(people[3:]),
                        message.strip("\n"))


def _signature(fields: Sequence[str]) -> Signature:
    name, email, time = fields
    return Signature(name, email, int(time))
