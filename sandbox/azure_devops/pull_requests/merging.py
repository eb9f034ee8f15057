"""Merges two commits without touching a ref, in the four ways a pull request can be completed.

https://learn.microsoft.com/azure/devops/repos/git/complete-pull-requests
"""
from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from sandbox.azure_devops.git.bare_repository import BareRepository
from sandbox.azure_devops.git.commits import Signature, merge_bases
from sandbox.azure_devops.git.git_process import GitError, run_git

STRATEGIES = ("noFastForward", "squash", "rebase", "rebaseMerge")


class ConflictError(Exception):
    """The two commits change the same lines."""


@dataclass(frozen=True)
class Merge:
    """`source` is to go into `target` (ids of commits)."""

    source: str
    target: str
    message: str
    committer: Signature


def merged(repository: BareRepository, merge: Merge, strategy: str = "noFastForward") -> tuple[str, str]:
    """The commit for the target and the one for the source, which only a rebase changes.

    ConflictError where the two do not fit; GitError where they have no common history.
    """
    if not merge_bases(repository, merge.source, merge.target):
        message = f"the commits {merge.source} and {merge.target} have no common history"
        raise GitError(message)
    if strategy == "squash":
        return _commit(repository, merge, _tree(repository, merge.source, merge.target), [merge.target]), merge.source
    source = merge.source if strategy == "noFastForward" else _rebased(repository, merge)
    if strategy == "rebase":
        return source, source
    tree = _tree(repository, source, merge.target)
    return _commit(repository, merge, tree, [merge.target, source]), source


def _tree(repository: BareRepository, source: str, target: str) -> str:
    try:
        said = run_git("merge-tree", "--write-tree", "--name-only", "-z", target, source, folder=repository.path)
    except GitError as error:
        if error.code == 1:
            raise ConflictError from error
        raise
    return said.split(b"\0")[0].decode().strip()


def _commit(repository: BareRepository, merge: Merge, tree: str, parents: list[str]) -> str:
    options = [word for parent in parents for word in ("-p", parent)]
    people = {**_person("AUTHOR", merge.committer), **_person("COMMITTER", merge.committer)}
    return run_git("commit-tree", tree, *options, folder=repository.path, stdin=merge.message.encode(),
                   environ=people).decode().strip()


def _rebased(repository: BareRepository, merge: Merge) -> str:
    """The commits of the source again, on top of the target."""
    with tempfile.TemporaryDirectory(prefix="rebase-") as folder:
        place = Path(folder) / "work"
        run_git("worktree", "add", "--quiet", "--detach", str(place), merge.source, folder=repository.path)
        try:
            run_git("rebase", "--quiet", merge.target, folder=place, environ=_person("COMMITTER", merge.committer))
            return run_git("rev-parse", "HEAD", folder=place).decode().strip()
        except GitError as error:
            raise ConflictError from error
        finally:
            run_git("worktree", "remove", "--force", str(place), folder=repository.path)


def _person(role: str, who: Signature) -> dict[str, str]:
    return {f"GIT_{role}_NAME": who.name, f"GIT_{role}_EMAIL": who.email, f"GIT_{role}_DATE": f"{who.time} +0000"}
