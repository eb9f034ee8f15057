"""Git folders of a workspace, by id and by the folder they lie in."""
from __future__ import annotations

import shutil
import tempfile
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from sandbox.databricks.memory import Memory
from sandbox.databricks.repos.checkout import Checkout
from sandbox.databricks.repos.errors import no_repo
from sandbox.databricks.repos.git import GitFailedError
from sandbox.databricks.repos.git_folder import GitFolder, Switch
from sandbox.databricks.workspace_files.files import WorkspaceFiles
from sandbox.databricks.workspace_files.paths import ROOT, ancestors, parent_of

_SWITCHING = "switching"


class GitFolders:
    """Work trees lie among the workspace's files, git's own files in a place of each folder below `root`.

    `stale_reads` is how many reads after an update still show what was before: the service is eventually consistent.
    """

    stale_reads = 0

    def __init__(self, root: Path, files: WorkspaceFiles, memory: Memory) -> None:
        self._root = root
        self._files = files
        self._folders = memory.collection("git_folder", GitFolder)
        self._places = self._folders.index(_names)
        root.mkdir(parents=True, exist_ok=True)
        files.when_gone = self._forget
        memory.when_taken_back(self._find_all)
        self._find_all()
        with memory.lock:
            self._clear_places()
            for folder in self._places.of(_SWITCHING):
                self._finish(folder)

    def new_place(self) -> Path:
        """An empty folder for git's own files and for a work tree that is not yet where it belongs."""
        return Path(tempfile.mkdtemp(dir=self._root))

    def checkout(self, folder: GitFolder) -> Checkout:
        return Checkout(self._root / folder.place / "git", self._files.tree.disk(folder.path), folder.url)

    def add(self, folder: GitFolder) -> None:
        self._files.git_folders.add(folder.path)
        self._folders[str(folder.id)] = folder
        insort(self._ids, folder.id)

    def get(self, number: int) -> GitFolder:
        folder = self._folders.get(str(number))
        if folder is None:
            raise no_repo()
        return folder

    def changed(self, folder: GitFolder) -> None:
        self._folders.changed(str(folder.id))

    def all(self) -> list[GitFolder]:
        return list(self._folders.values())

    def below(self, prefix: str, first: int, roots: Iterable[str] | None = None) -> Iterator[GitFolder]:
        """Those whose path begins with `prefix`, from the id `first` on, by id.

        With `roots` only those that lie there or below; nothing else is looked at.
        """
        if roots is None and parent_of(prefix) != ROOT:
            roots = [parent_of(prefix)]
        ids = self._ids if roots is None else sorted({one.id for root in roots for one in self._places.of(root)})
        found = (self.get(number) for number in islice(ids, bisect_left(ids, first), None))
        return (folder for folder in found if folder.path.startswith(prefix))

    def remove(self, folder: GitFolder) -> None:
        tree = self._files.tree
        tree.journal.remove(tree.disk(folder.path))
        self._files.forget(folder.path)

    def _find_all(self) -> None:
        self._ids = sorted(int(number) for number in self._folders)
        self._files.git_folders.clear()
        self._files.git_folders.update(folder.path for folder in self._folders.values())

    def _forget(self, path: str) -> None:
        """The workspace's files know no Git folder at `path` any more."""
        folder = self._places.first(path)
        if folder is not None:
            del self._folders[str(folder.id)]
            self._ids.remove(folder.id)
            self._files.tree.journal.remove(self._root / folder.place)

    def _clear_places(self) -> None:
        """Of a Git folder that was being made when the process ended."""
        known = {folder.place for folder in self._folders.values()}
        for place in self._root.iterdir():
            if place.name not in known:
                shutil.rmtree(place, ignore_errors=True)

    def _finish(self, folder: GitFolder) -> None:
        """Carry out the switch that was under way when the process ended; if git cannot, the next start tries again."""
        assert folder.switch is not None  # noqa: S101 - the index says so
        switch: Switch = folder.switch
        try:
            self.checkout(folder).finish(folder.head, switch)
        except GitFailedError:
            return
        folder.take_over(switch)
        self.changed(folder)


def _names(folder: GitFolder) -> list[str]:
    return [folder.path, *ancestors(folder.path), *([_SWITCHING] if folder.switch else [])]
