"""The virtual environments of clients that no one here wrote: pinned with hashes, made once, then kept."""
from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_REQUIREMENTS = Path(__file__).parent / "requirements"
# Inside a folder that everything which walks the project leaves out already.
_FOLDER = Path(__file__).parents[2] / ".venv" / "clients"
# The set-up of databricks-cli 0.17.8, which dbx wants, imports `imp`: https://docs.python.org/3/whatsnew/3.12.html#imp
_NEWEST_PYTHON = {"dbx": (3, 11)}
_UNREACHABLE = "after connection broken by"
# What pip quotes is a Python object and what it says.
_OBJECT = re.compile(r"'?\w+\('?<[^>]*>: (.*?)'?\)'")
_SHOWN = 200
_MADE_WITHIN = 600
"""Seconds."""
_offline: list[str] = []
"""Why the index could not be reached, once that is known: to ask again for each client would only take time."""


class NoClientError(Exception):
    """The client cannot be had on this machine; the reason is for people."""


class NoIndexError(NoClientError):
    """No client can be had that is not here already."""


@dataclass(frozen=True)
class Environment:
    """The client that `requirements/<name>.txt` pins, installed below `root`."""

    name: str
    root: Path = _FOLDER

    @property
    def folder(self) -> Path:
        return self.root / self.name

    @property
    def _requirements(self) -> Path:
        return _REQUIREMENTS / f"{self.name}.txt"

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    def script(self, name: str) -> Path:
        """A command that the client's package installs."""
        return self.folder / "bin" / name

    def make(self) -> None:
        """Install the client unless exactly these versions are there; a `NoClientError` where that cannot be done."""
        interpreter = _interpreter(_NEWEST_PYTHON.get(self.name))
        pinned = hashlib.sha256(self._requirements.read_bytes()).hexdigest()
        # Scripts name the Python beside them with its whole path, so an environment that was moved is none.
        made_of = f"{Path(interpreter).resolve()} {pinned} {self.folder.resolve()}"
        stamp = self.folder / ".made_of"
        with self._alone():
            if stamp.exists() and stamp.read_text(encoding="utf-8") == made_of:
                return
            if _offline:
                raise NoIndexError(_offline[0])
            _run(interpreter, "-m", "venv", "--clear", str(self.folder))
            # The list is complete, so there is nothing to resolve.
            _run(str(self.python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile",
                 "--no-deps", "--require-hashes", "--requirement", str(self._requirements))
            stamp.write_text(made_of, encoding="utf-8")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Test processes run side by side and want the same environment."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / f"{self.name}.lock").open("a", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def all_environments() -> list[Environment]:
    return [Environment(path.stem) for path in sorted(_REQUIREMENTS.glob("*.txt"))]


def _interpreter(newest: tuple[int, int] | None) -> str:
    """This Python, or one that is not newer than `newest`."""
    if newest is None or sys.version_info[:2] <= newest:
        return sys.executable
    names = [f"python3.{minor}" for minor in range(newest[1], 9, -1)]
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        message = f"needs Python {newest[0]}.{newest[1]} or older, found none of {', '.join(names)}; install one"
        raise NoClientError(message)
    return found


def _run(*command: str) -> None:
    # Settings of pip pass, because where packages are missing only they know the way to an index.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(command, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL, timeout=_MADE_WITHIN, env=environ)
    if done.returncode == 0:
        return
    broken = [line for line in done.stdout.splitlines() if _UNREACHABLE in line]
    if broken:
        why = _OBJECT.sub(r"\1", broken[-1].partition(_UNREACHABLE)[2]).strip()
        message = f"the package index cannot be reached: {why[:_SHOWN]}"
        _offline.append(message)
        raise NoIndexError(message)
    message = f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout}"
    raise AssertionError(message)
