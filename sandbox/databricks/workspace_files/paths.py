"""Paths of workspace objects: `/Users/anna@example.com/train`, as texts that are safe to look up on disk."""
from __future__ import annotations

from sandbox.databricks.errors import refuse
from sandbox.databricks.workspace_files.errors import BadPathError

ROOT = "/"
NAME_BYTES = 255
_PATH_BYTES = 2048


def read_path(text: str) -> str:
    """The path a request means: one slash between names, none at the end, without the prefix `/Workspace`.

    `..` is refused as the service does, and what no file system could hold. `%2f` is three characters of a name.
    """
    if not _is_utf8(text):
        refuse("Path is not valid UTF-8")
    if not text.startswith("/"):
        refuse(f"Path ({text}) doesn't start with '/'")
    names = [name for name in text.split("/") if name]
    if ".." in names or "." in names:
        raise BadPathError
    if names[:1] == ["Workspace"]:
        names = names[1:]
    _check_bytes(text, names)
    return ROOT + "/".join(names)


def parent_of(path: str) -> str:
    return path.rpartition("/")[0] or ROOT


def name_of(path: str) -> str:
    return path.rpartition("/")[2]


def names_of(path: str) -> list[str]:
    return [name for name in path.split("/") if name]


def child(path: str, name: str) -> str:
    return f"{path.rstrip('/')}/{name}"


def ancestors(path: str) -> list[str]:
    """Every folder above `path`, nearest first; of the root none."""
    found = []
    while path != ROOT:
        path = parent_of(path)
        found.append(path)
    return found


def is_below(path: str, folder: str) -> bool:
    return folder == ROOT or path.startswith(f"{folder}/")


def _check_bytes(text: str, names: list[str]) -> None:
    sizes = [len(name.encode()) for name in names]
    if "\0" in text:
        refuse("Path contains a NUL character")
    if any(size > NAME_BYTES for size in sizes) or sum(sizes) + len(sizes) > _PATH_BYTES:
        refuse(f"Path is too long: a name may have {NAME_BYTES} bytes, a path {_PATH_BYTES}")


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
