"""What lies in a repository of the embedded organisation, read with git itself."""
from __future__ import annotations

import subprocess

from sandbox.azure_devops.git.bare_repository import BareRepository


def git(repository: BareRepository, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", str(repository.path), *arguments], capture_output=True, check=True).stdout


def files(repository: BareRepository, ref: str = "refs/heads/main") -> dict[str, bytes]:
    """Content by path."""
    paths = git(repository, "ls-tree", "-r", "-z", "--name-only", ref).decode().split("\0")
    return {path: git(repository, "cat-file", "blob", f"{ref}:{path}") for path in paths if path}


def message(repository: BareRepository, ref: str = "refs/heads/main") -> str:
    return git(repository, "log", "-1", "--format=%B", ref).decode().strip()


def choose_default_branch(repository: BareRepository, ref: str) -> None:
    git(repository, "symbolic-ref", "HEAD", ref)
