"""The bytes of artifacts and models, as the service's own storage account would hold them."""
from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from sandbox.databricks.errors import ApiError, not_found, refuse
from sandbox.databricks.memory import Memory

TRACKING = "dbfs:/databricks/mlflow-tracking/"
_NAME_BYTES, _PATH_BYTES = 200, 1024
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class ArtifactFile:
    """`path` below the folder that was listed; a folder has no size."""

    path: str
    is_directory: bool
    size: int = 0


class ArtifactFiles:
    """A file is there whole or not at all. Paths come from outside: none leads out of `folder`.

    Whatever was uploaded only in part is forgotten with the process.
    """

    def __init__(self, folder: Path, memory: Memory) -> None:
        self._folder = folder
        self._memory = memory
        self._unfinished = folder.with_name(f"{folder.name}.unfinished")
        shutil.rmtree(self._unfinished, ignore_errors=True)

    def find(self, path: str) -> Path | None:
        """Where a file lies, None if there is none."""
        disk = self._disk(path)
        return disk if disk.is_file() else None

    def is_directory(self, path: str) -> bool:
        return self._disk(path).is_dir()

    def listing(self, path: str) -> list[ArtifactFile]:
        """What lies directly in a folder, by name; of a file itself, of nothing nothing. Paths start at `path`."""
        disk = self._disk(path)
        if disk.is_file():
            return [ArtifactFile("", is_directory=False, size=disk.stat().st_size)]
        if not disk.is_dir():
            return []
        return [ArtifactFile(one.name, one.is_dir(), 0 if one.is_dir() else one.stat().st_size)
                for one in sorted(disk.iterdir())]

    def write(self, path: str, content: BinaryIO) -> None:
        with self._new_file(path) as new:
            shutil.copyfileobj(content, new, _CHUNK)

    def put_block(self, path: str, block_id: str, content: BinaryIO) -> None:
        """Keep a part until `put_block_list` says in which order the parts follow each other."""
        block = self._block(path, block_id)
        block.parent.mkdir(parents=True, exist_ok=True)
        with self._written(block) as new:
            shutil.copyfileobj(content, new, _CHUNK)

    def put_block_list(self, path: str, block_ids: Sequence[str]) -> None:
        blocks = [self._block(path, block_id) for block_id in block_ids]
        if not all(block.is_file() for block in blocks):
            message = "The specified block list is invalid."
            raise ApiError(400, "InvalidBlockList", message)
        with self._new_file(path) as new:
            for block in blocks:
                with block.open("rb") as part:
                    shutil.copyfileobj(part, new, _CHUNK)
        shutil.rmtree(self._block(path, "").parent, ignore_errors=True)

    def copy(self, source: str, target: str) -> None:
        """Copy a folder; of one that is not there nothing. An earlier copy that found no room for all is replaced."""
        origin, copy = self._disk(source), self._disk(target)
        if not origin.is_dir():
            return
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir(parents=True)
        for one in sorted(origin.rglob("*")):
            # A file is never changed, only replaced: so two names may share it.
            same = copy / one.relative_to(origin)
            if one.is_dir():
                same.mkdir()
            else:
                os.link(one, same)

    def remove(self, path: str) -> None:
        """Not before it is written that what they belong to is gone: files could not be brought back."""
        self._memory.when_written(partial(shutil.rmtree, self._disk(path), ignore_errors=True))

    @contextmanager
    def _new_file(self, path: str) -> Iterator[BinaryIO]:
        disk = self._disk(path)
        try:
            disk.parent.mkdir(parents=True, exist_ok=True)
            with self._written(disk) as new:
                yield new
        except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
            message = f"{path}: a file and a folder cannot have the same name"
            raise ApiError(409, "RESOURCE_CONFLICT", message) from error

    @contextmanager
    def _written(self, disk: Path) -> Iterator[BinaryIO]:
        """A new file that takes the place of `disk` at the end, unless something went wrong."""
        self._unfinished.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._unfinished)
        try:
            with os.fdopen(handle, "wb") as new:
                yield new
            Path(name).replace(disk)
        except BaseException:
            with suppress(FileNotFoundError):
                Path(name).unlink()
            raise

    def _block(self, path: str, block_id: str) -> Path:
        names = (hashlib.sha256(text.encode()).hexdigest() for text in ("/".join(_names(path)), block_id))
        return self._unfinished.joinpath(*names)

    def _disk(self, path: str) -> Path:
        return self._folder.joinpath(*_names(path))


def join(folder: str, path: str) -> str:
    return f"{folder}/{path}" if path else folder


def no_artifact(path: str) -> ApiError:
    return not_found(f"{path} does not exist.")


def _names(path: str) -> list[str]:
    names = [name for name in path.split("/") if name]
    try:
        sizes = [len(name.encode()) for name in names]
    except UnicodeEncodeError:
        refuse(f"Invalid path: {path!r} is not UTF-8")
    if {".", ".."} & set(names) or "\0" in path or "\\" in path:
        refuse(f"Invalid path: {path!r}")
    if any(size > _NAME_BYTES for size in sizes) or sum(sizes) + len(sizes) > _PATH_BYTES:
        refuse(f"Invalid path: a name may have {_NAME_BYTES} bytes, a path {_PATH_BYTES}")
    return names
