"""The files of DBFS, in one folder of this machine: that of `dbutils.fs` in notebooks, too."""
from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sandbox.databricks.dbfs.errors import no_file, no_path, not_empty, path_exists
from sandbox.databricks.dbfs.paths import ROOT, child, name_of, parent_of
from sandbox.databricks.errors import refuse


@dataclass(frozen=True)
class FileInfo:
    """`modified` in milliseconds since 1970."""

    path: str
    is_dir: bool
    size: int
    modified: int


class DbfsFiles:
    """What is being written lies in `uploads` until it is whole: a kill leaves the old file or the new one.

    Whoever calls it holds the workspace's lock; notebooks change files beside it.
    """

    def __init__(self, root: Path, uploads: Path) -> None:
        shutil.rmtree(uploads, ignore_errors=True)
        for folder in (root, uploads):
            folder.mkdir(parents=True, exist_ok=True)
        self._root = root.resolve()
        self._uploads = uploads

    def info(self, path: str) -> FileInfo:
        about = self._existing(path).stat()
        is_dir = self._local(path).is_dir()
        return FileInfo(path, is_dir, 0 if is_dir else about.st_size, int(about.st_mtime * 1000))

    def children(self, path: str) -> list[FileInfo]:
        """By name; of a file the file itself."""
        if not self._existing(path).is_dir():
            return [self.info(path)]
        names = sorted(entry.name for entry in self._local(path).iterdir() if _is_utf8(entry.name))
        return [self.info(child(path, name)) for name in names if self.exists(child(path, name))]

    def exists(self, path: str) -> bool:
        local = self._local(path)
        return local.exists() and local.resolve().is_relative_to(self._root)

    def file(self, path: str) -> Path:
        """Where the bytes of a file are; what is neither file nor folder, such as a pipe, is not to be read."""
        local = self._existing(path)
        if not local.is_file():
            raise no_file(path)
        return local

    def new_upload(self) -> Path:
        """An empty file to write to before `take`."""
        with tempfile.NamedTemporaryFile(dir=self._uploads, delete=False) as file:
            return Path(file.name)

    def check_target(self, path: str, *, overwrite: bool) -> None:
        """Refuse what cannot become a file: a folder, one inside a file, and without `overwrite` what is there."""
        if path == ROOT or (self.exists(path) and (not overwrite or self._local(path).is_dir())):
            raise path_exists(path)
        self._check_folders(parent_of(path))

    def take(self, upload: Path, path: str, *, overwrite: bool) -> None:
        """Make what was uploaded the file `path`, with all folders above it."""
        self.check_target(path, overwrite=overwrite)
        self._local(parent_of(path)).mkdir(parents=True, exist_ok=True)
        upload.replace(self._local(path))

    def write(self, path: str, content: bytes, *, overwrite: bool) -> None:
        self.check_target(path, overwrite=overwrite)
        upload = self.new_upload()
        upload.write_bytes(content)
        self.take(upload, path, overwrite=overwrite)

    def make_folders(self, path: str) -> None:
        self._check_folders(path)
        self._local(path).mkdir(parents=True, exist_ok=True)

    def delete(self, path: str, *, recursive: bool) -> None:
        """What is not there is as good as deleted."""
        if path == ROOT:
            refuse("The root of DBFS cannot be deleted")
        if not self.exists(path):
            return
        local = self._local(path)
        if local.is_symlink() or not local.is_dir():
            local.unlink()
            return
        if not recursive and any(local.iterdir()):
            raise not_empty(path)
        shutil.rmtree(local)

    def move(self, source: str, target: str) -> None:
        """Into `target`, where that is a folder."""
        local = self._existing(source)
        if self.exists(target) and self._local(target).is_dir():
            target = child(target, name_of(source))
        if self.exists(target):
            raise path_exists(target)
        if source == ROOT or target.startswith(f"{source}/"):
            refuse(f"{source} cannot be moved into itself")
        if not self._existing(parent_of(target)).is_dir():
            raise path_exists(parent_of(target))
        local.rename(self._local(target))

    def _check_folders(self, path: str) -> None:
        for place in _with_ancestors(path):
            if self.exists(place):
                if not self._local(place).is_dir():
                    raise path_exists(place)
                return
            if self._local(place).is_symlink():
                raise path_exists(place)

    def _existing(self, path: str) -> Path:
        if not self.exists(path):
            raise no_path(path)
        return self._local(path)

    def _local(self, path: str) -> Path:
        return self._root.joinpath(path.lstrip("/"))


def _with_ancestors(path: str) -> Iterator[str]:
    while path != ROOT:
        yield path
        path = parent_of(path)


def _is_utf8(name: str) -> bool:
    return name.encode("utf-8", "replace").decode() == name
