"""Git folders of a workspace, by id."""
from __future__ import annotations

import shutil
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.databricks.repos.checkout import Checkout
from sandbox.databricks.repos.errors import no_repo
from sandbox.databricks.workspace_files.files import WorkspaceFiles


@dataclass
class GitFolder:
    """`branch` is empty while a tag is checked out. `lock` is held for as long as git works here.

    Take `lock` before the state's lock, never inside it.
    """

    id: int
    path: str
    url: str
    provider: str
    checkout: Checkout
    branch: str = ""
    head: str = ""
    sparse: list[str] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    _stale: list[dict[str, Any]] = field(default_factory=list)

    def keep_stale(self, reads: int) -> None:
        """The next so many reads show what is now, whatever changes meanwhile."""
        self._stale = [self.as_json()] * reads

    def shown(self) -> dict[str, Any]:
        return self._stale.pop() if self._stale else self.as_json()

    def as_json(self) -> dict[str, Any]:
        optional: dict[str, Any] = {"branch": self.branch, "head_commit_id": self.head}
        if self.sparse is not None:
            optional["sparse_checkout"] = {"patterns": self.sparse}
        return {"id": self.id, "path": self.path, "url": self.url, "provider": self.provider,
                **{name: value for name, value in optional.items() if value}}


class GitFolders:
    """A folder that was deleted as a part of the workspace's files is gone here, too.

    `stale_reads` is how many reads after an update still show what was before: the service is eventually consistent.
    """

    stale_reads = 0

    def __init__(self, root: Path, files: WorkspaceFiles) -> None:
        self._root = root
        self._files = files
        self._by_id: dict[int, GitFolder] = {}

    def new_place(self) -> Path:
        """An empty folder for git's own files and for a work tree that is not yet where it belongs."""
        self._root.mkdir(exist_ok=True)
        number = len(list(self._root.iterdir()))
        while True:
            try:
                (self._root / str(number)).mkdir()
            except FileExistsError:
                number += 1
            else:
                return self._root / str(number)

    def add(self, folder: GitFolder) -> None:
        self._by_id = {number: other for number, other in self._by_id.items() if self._is_there(other)}
        self._by_id[folder.id] = folder

    def get(self, number: int) -> GitFolder:
        folder = self._by_id.get(number)
        if folder is None or not self._is_there(folder):
            raise no_repo()
        return folder

    def all(self) -> list[GitFolder]:
        return [folder for folder in self._by_id.values() if self._is_there(folder)]

    def remove(self, folder: GitFolder) -> None:
        del self._by_id[folder.id]
        shutil.rmtree(folder.checkout.git_folder.parent, ignore_errors=True)
        shutil.rmtree(folder.checkout.work_tree, ignore_errors=True)
        self._files.forget(folder.path)

    def _is_there(self, folder: GitFolder) -> bool:
        return folder.path in self._files.git_folders
