"""`dbutils.fs` over one local folder: `dbfs:/a/b` and `/a/b` lie below it, `file:/a/b` is this machine's own file."""
from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple


class FileInfo(NamedTuple):
    """`size` in bytes, `modificationTime` in milliseconds since 1970, as Databricks names and counts them."""

    path: str
    name: str
    size: int
    modificationTime: int  # noqa: N815 - Databricks' name


class FileStore:
    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def ls(self, path: str) -> list[FileInfo]:
        folder = self._local(path)
        found = sorted(folder.iterdir()) if folder.is_dir() else [folder]
        return [self._info(file) for file in found]

    def head(self, path: str, maxBytes: int = 65536) -> str:  # noqa: N803 - Databricks' name
        with self._local(path).open("rb") as file:
            return file.read(maxBytes).decode(errors="replace")

    def put(self, path: str, contents: str, overwrite: bool = False) -> bool:
        file = self._local(path)
        if file.exists() and not overwrite:
            message = f"{path} already exists"
            raise FileExistsError(message)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(contents, encoding="utf-8")
        return True

    def mkdirs(self, path: str) -> bool:
        self._local(path).mkdir(parents=True, exist_ok=True)
        return True

    def rm(self, path: str, recurse: bool = False) -> bool:
        file = self._local(path)
        if not file.exists():
            return False
        if not file.is_dir():
            file.unlink()
        elif recurse:
            shutil.rmtree(file)
        else:
            file.rmdir()
        return True

    def cp(self, source: str, to: str, recurse: bool = False) -> bool:
        file, target = self._local(source), self._local(to)
        target.parent.mkdir(parents=True, exist_ok=True)
        if file.is_dir() and recurse:
            shutil.copytree(file, target, dirs_exist_ok=True)
        else:
            shutil.copy2(file, target)
        return True

    def mv(self, source: str, to: str, recurse: bool = False) -> bool:
        self.cp(source, to, recurse)
        return self.rm(source, recurse)

    def _info(self, file: Path) -> FileInfo:
        about = file.stat()
        inside = file.relative_to(self._root) if file.is_relative_to(self._root) else file
        mark = "/" if file.is_dir() else ""
        return FileInfo(f"dbfs:/{inside}{mark}", file.name + mark, 0 if mark else about.st_size,
                        int(about.st_mtime * 1000))

    def _local(self, path: str) -> Path:
        if path.startswith("file:/"):
            return Path(path.removeprefix("file:"))
        local = self._root.joinpath(*[name for name in path.removeprefix("dbfs:").split("/") if name])
        if ".." in local.parts:
            message = f"{path}: '..' is not modelled"
            raise ValueError(message)
        return local
