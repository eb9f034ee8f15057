"""The tree of workspace objects on disk, laid out as git would check it out: what the service shows follows from it."""
from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from sandbox.clock import Clock
from sandbox.databricks.workspace_files.journal import Journal
from sandbox.databricks.workspace_files.paths import NAME_BYTES, ROOT, child, names_of, parent_of
from sandbox.databricks.workspace_files.source_format import extensions, language_of_file


class Kind(str, Enum):
    DIRECTORY = "DIRECTORY"
    NOTEBOOK = "NOTEBOOK"
    FILE = "FILE"
    MLFLOW_EXPERIMENT = "MLFLOW_EXPERIMENT"


@dataclass(frozen=True)
class Entry:
    """`disk` is where it lies; a notebook's name there has an extension that its `path` has not.

    Of experiments nothing lies there: the tree neither finds nor changes them.
    """

    path: str
    disk: Path
    kind: Kind
    language: str = ""


class FileTree:
    """Symbolic links are not followed and not shown: a checkout or a notebook could point one anywhere.

    Every change is noted in the `journal` first.
    """

    def __init__(self, root: Path, clock: Clock, journal: Journal) -> None:
        self.root = root
        self.journal = journal
        self._clock = clock
        root.mkdir(parents=True, exist_ok=True)

    def disk(self, path: str) -> Path:
        return self.root.joinpath(*names_of(path))

    def folder(self, path: str) -> Entry:
        """The folder at `path`, whether it is there yet or not."""
        return Entry(path, self.disk(path), Kind.DIRECTORY)

    def find(self, path: str) -> Entry | None:
        """A notebook is found without its extension, and only so."""
        if path == ROOT:
            return self.folder(path)
        disk = self.disk(path)
        if not self._is_inside(disk.parent):
            return None
        entry = _entry(parent_of(path), disk)
        if entry is not None and entry.path == path:
            return entry
        candidates = (_entry(parent_of(path), disk.with_name(disk.name + extension))
                      for extension in extensions())
        return next((found for found in candidates if found and found.path == path), None)

    def entries(self, path: str) -> list[Entry]:
        """What lies directly in a folder, by name."""
        found = {entry.path: entry for entry in self._read(path)}
        return [found[key] for key in sorted(found)]

    def may_hold_folder(self, path: str) -> bool:
        """Not where a notebook's file lies under the same name: `train` is `train.py` on disk."""
        disk = self.disk(path)
        return disk.is_dir() or not os.path.lexists(disk)

    def make_directory(self, path: str) -> None:
        missing = [disk for disk in (self.disk(path), *self.disk(path).parents) if not disk.exists()]
        if missing:
            self.journal.will_write(missing[-1])
        self.disk(path).mkdir(parents=True, exist_ok=True)
        self._touch(self.disk(path))

    def write(self, path: str, content: bytes) -> None:
        """Write a file whole or not at all; `path` has the extension a notebook has on disk."""
        disk = self.disk(path)
        new = self.journal.staged(content)
        self.journal.will_write(disk)
        new.replace(disk)
        self._touch(disk)

    def put(self, path: str, made: Path) -> None:
        """Move a folder that was made elsewhere on this file system to where nothing is yet."""
        self.journal.will_write(self.disk(path))
        made.rename(self.disk(path))

    def remove(self, entry: Entry) -> None:
        self.journal.remove(entry.disk)

    def _read(self, path: str) -> Iterator[Entry]:
        for disk in self.disk(path).iterdir():
            entry = _entry(path, disk)
            if entry is not None:
                yield entry

    def _is_inside(self, disk: Path) -> bool:
        return disk.resolve() == self.root.resolve().joinpath(disk.relative_to(self.root))

    def _touch(self, disk: Path) -> None:
        os.utime(disk, (self._clock.now(), self._clock.now()))


def _entry(folder: str, disk: Path) -> Entry | None:
    path = child(folder, disk.name)
    if not _is_text(disk.name) or len(disk.name.encode()) > NAME_BYTES or disk.is_symlink():
        return None
    if disk.is_dir():
        return Entry(path, disk, Kind.DIRECTORY)
    if not disk.is_file():
        return None
    language = language_of_file(disk)
    if language is None:
        return Entry(path, disk, Kind.FILE)
    return Entry(child(folder, disk.stem), disk, Kind.NOTEBOOK, language)


def _is_text(name: str) -> bool:
    """git takes any bytes as a name; the service's answers are UTF-8."""
    return not any("\ud800" <= character <= "\udfff" for character in name)
