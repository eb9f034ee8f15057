"""Paths of DBFS: `/FileStore/wheels/a.whl`, as texts that are safe to look up on disk."""
from __future__ import annotations

from sandbox.databricks.errors import refuse

ROOT = "/"
_NAME_BYTES = 255
_PATH_BYTES = 2048


def read_path(text: str) -> str:
    """The absolute path that a request means, with or without the scheme `dbfs:`.

    `..` is refused, and so is what no file system could hold: nothing may lead out of the folder that stands for DBFS.
    """
    path = text.removeprefix("dbfs:")
    if not path.startswith("/"):
        refuse(f"Path must be absolute: {text!r}")
    names = [name for name in path.split("/") if name]
    if {"..", "."} & set(names) or "\0" in path:
        refuse(f"Path must not hold '.', '..' or a zero byte: {text!r}")
    try:
        sizes = [len(name.encode()) for name in names]
    except UnicodeEncodeError:
        refuse("Path is not valid UTF-8")
    if sum(sizes) + len(sizes) > _PATH_BYTES or max(sizes, default=0) > _NAME_BYTES:
        refuse(f"Path is longer than {_PATH_BYTES} bytes or has a name of more than {_NAME_BYTES}")
    return ROOT + "/".join(names)


def parent_of(path: str) -> str:
    return path.rpartition("/")[0] or ROOT


def name_of(path: str) -> str:
    return path.rpartition("/")[2]


def child(path: str, name: str) -> str:
    return f"{path.rstrip('/')}/{name}"
