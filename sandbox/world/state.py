"""The folder a sandbox lives in: who runs it, its secrets, and how to empty it."""
from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sandbox.errors import SandboxError

DEFAULT_STATE = Path(".sandbox")
_LOCK = "lock"
# SQLite takes names of 512 bytes, https://www.sqlite.org/c3ref/vfs.html, and ours are longer than that of the folder.
_LONGEST_NAME = 400


class StateError(SandboxError):
    """The state folder cannot be used as asked."""


@dataclass(frozen=True)
class State:
    """`folder` holds `git/`, `runs/`, `tls/`, `home/`, `credentials.json`, `addresses.json` and a lock."""

    folder: Path

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep every other sandbox off this folder. The system frees the lock even of a process that was killed."""
        self._check_ours()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The file's text is for people and only read when the lock is taken by somebody else.
        with (self.folder / _LOCK).open("a+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                message = f"{self.folder}: in use by {lock.read().strip() or 'another process'}; end that one first"
                raise StateError(message) from None
            lock.truncate(0)
            lock.write(f"process {os.getpid()}")
            lock.flush()
            yield

    def empty(self) -> None:
        """Remove everything inside; refused while a sandbox runs here, and for a folder that is none of ours."""
        if not self.folder.exists():
            return
        with self.held():
            for path in self.folder.iterdir():
                if path.name != _LOCK:
                    _remove(path)

    def _check_ours(self) -> None:
        """Nothing is put into a folder of somebody else: what is put there, `empty` removes with all the rest."""
        self._check_name()
        if not self.folder.exists():
            return
        if not self.folder.is_dir() or (any(self.folder.iterdir()) and not (self.folder / _LOCK).is_file()):
            message = f"{self.folder}: is not a sandbox's state folder; name another one with --state"
            raise StateError(message)

    def _check_name(self) -> None:
        try:
            length = len(str(self.folder).encode())
        except UnicodeEncodeError as error:
            message = f"{str(self.folder)!r}: its name is no UTF-8 in this locale; name another one with --state"
            raise StateError(message) from error
        if length > _LONGEST_NAME:
            message = (f"{self.folder}: its name has {length} bytes, expected at most {_LONGEST_NAME}; "
                       "name another one with --state")
            raise StateError(message)

    def write_private(self, name: str, data: Mapping[str, object]) -> Path:
        """Write JSON that only the owner may read."""
        path = self.folder / name
        new = path.with_suffix(".new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(json.dumps(data, indent=2) + "\n")
        return new.replace(path)

    def read(self, name: str) -> dict[str, object]:
        """What `write_private` wrote; nothing where it never did."""
        path = self.folder / name
        try:
            data = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        except (ValueError, RecursionError) as error:
            message = f"{path}: is no JSON ({error}); delete the file, or empty the folder with reset"
            raise StateError(message) from error
        if not isinstance(data, dict):
            raise self.unexpected(name, "an object")
        return data

    def unexpected(self, name: str, expected: str) -> StateError:
        """For whoever finds a file in which something else stands."""
        return StateError(f"{self.folder / name}: is not as the sandbox writes it, expected {expected}; "
                          "delete the file, or empty the folder with reset")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
