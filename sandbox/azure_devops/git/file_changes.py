"""Changes of files that a push over REST asks for, checked against the commit they are made on."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.azure_devops.git.tree import Entry

_EXECUTABLE = "100755"


@dataclass(frozen=True)
class FileChange:
    """`kinds` of `add`, `edit`, `delete`, `rename`; no path begins with a slash; `source` is where a rename begins."""

    kinds: frozenset[str]
    path: str
    content: bytes | None = None
    source: str = ""


class ChangeRefusedError(Exception):
    """A change that does not fit what is there. `missing` is the path of a file that would have to be there."""

    def __init__(self, message: str, missing: str = "") -> None:
        super().__init__(message)
        self.missing = missing


class Draft:
    """Files of a commit to be, by path; every change is checked against those before it."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._modes = {one.path: one.mode for one in entries if not one.is_folder}
        self._touched: set[str] = set()

    def next_commit(self) -> None:
        """A path may be changed again."""
        self._touched.clear()

    def apply(self, change: FileChange) -> None:
        """Keep the change; ChangeRefusedError where the path is taken, missing or not a path."""
        for path in {change.path, change.source} - {""}:
            _check_path(path)
        if change.path in self._touched:
            message = f"The path '/{change.path}' is changed more than once in this push."
            raise ChangeRefusedError(message)
        self._touched.add(change.path)
        if "rename" in change.kinds:
            self._rename(change)
        elif "add" in change.kinds:
            self._add(change.path)
        elif change.path not in self._modes and not ("delete" in change.kinds and self._is_folder(change.path)):
            message = f"The path '/{change.path}' does not exist."
            raise ChangeRefusedError(message, change.path)
        if "delete" in change.kinds:
            self._remove(change.path)

    def mode(self, path: str) -> str:
        return _EXECUTABLE if self._modes.get(path) == _EXECUTABLE else "100644"

    def _rename(self, change: FileChange) -> None:
        if change.source not in self._modes:
            message = f"The path '/{change.source}' does not exist."
            raise ChangeRefusedError(message, change.source)
        mode = self._modes.pop(change.source)
        self._add(change.path)
        self._modes[change.path] = mode

    def _add(self, path: str) -> None:
        if path in self._modes or self._is_folder(path):
            # Recorded from the service, word for word: contract of the pushes route.
            message = f"The path '/{path}' specified in the add operation already exists. Please specify a new path."
            raise ChangeRefusedError(message)
        parent = next((one for one in _parents(path) if one in self._modes), None)
        if parent:
            message = f"The path '/{path}' cannot be added: '/{parent}' is a file, not a folder."
            raise ChangeRefusedError(message)
        self._modes[path] = "100644"

    def _remove(self, path: str) -> None:
        for one in [known for known in self._modes if known == path or known.startswith(f"{path}/")]:
            del self._modes[one]

    def _is_folder(self, path: str) -> bool:
        return any(known.startswith(f"{path}/") for known in self._modes)


def _parents(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:length]) for length in range(1, len(parts))]


def _check_path(path: str) -> None:
    parts = path.split("/")
    bad = any(part in {"", ".", ".."} or part.casefold() == ".git" for part in parts)
    if bad or "\\" in path or any(character < " " or "\ud800" <= character <= "\udfff" for character in path):
        message = f"The path '/{path}' is not a valid path of a file."
        raise ChangeRefusedError(message)
