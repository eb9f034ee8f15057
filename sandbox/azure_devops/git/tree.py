"""What a commit holds: files and folders by their path."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.azure_devops.git.bare_repository import BareRepository
from sandbox.azure_devops.git.git_process import run_git

_LISTING = ("ls-tree", "-z", "--full-tree")


@dataclass(frozen=True)
class Entry:
    """`path` without a slash in front, empty for the root; `kind` is `blob`, `tree` or `commit` (a submodule)."""

    path: str
    kind: str
    object_id: str
    mode: str = "100644"

    @property
    def is_folder(self) -> bool:
        return self.kind == "tree"


def entries(repository: BareRepository, commit: str, folder: str = "", *, recursive: bool = False) -> list[Entry]:
    """What lies in `folder`: directly, or with everything below."""
    options = ("-r", "-t") if recursive else ()
    tree = f"{commit}:{folder}" if folder else commit
    listed = run_git(*_LISTING, *options, tree, folder=repository.path)
    prefix = f"{folder}/" if folder else ""
    return [Entry(prefix + path, kind, name, mode) for mode, kind, name, path in _rows(listed)]


def entry(repository: BareRepository, commit: str, path: str) -> Entry | None:
    """The file or folder at `path`, None where there is neither."""
    if not path:
        return Entry("", "tree", repository.tree(commit), "040000")
    if {"", ".", ".."} & set(path.split("/")):
        return None  # git would look for them outside of the repository
    listed = run_git("--literal-pathspecs", *_LISTING, commit, "--", path, folder=repository.path)
    return next((Entry(name, kind, object_id, mode) for mode, kind, object_id, name in _rows(listed)
                 if name == path), None)


def blob(repository: BareRepository, object_id: str) -> bytes:
    return run_git("cat-file", "blob", object_id, folder=repository.path)


def _rows(listed: bytes) -> Iterator[tuple[str, str, str, str]]:
    for row in listed.decode(errors="surrogateescape").split("\0"):
        if row:
            head, _, path = row.partition("\t")
            mode, kind, object_id = head.split(" ")
            yield mode, kind, object_id, path
