"""Where clients run: a computer on which nobody has set anything but what a client's documentation asks for."""
from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.clients.environments import Environment

_PROGRAMS = Path(__file__).parent / "programs"
_ENDS_WITHIN = 240
"""Seconds; what hangs shall not hang the suite."""


@dataclass(frozen=True)
class Finished:
    code: int
    output: str
    errors: str


@dataclass(frozen=True)
class Machine:
    """`environ` is what clients see besides a path, a home and a language."""

    home: Path
    environ: Mapping[str, str] = field(default_factory=dict)

    def knowing(self, **environ: str) -> Machine:
        """The same machine with more variables set."""
        return Machine(self.home, {**self.environ, **environ})

    def call(self, *command: str | Path, folder: Path | None = None, typed: str = "") -> Finished:
        """Run a command to its end, whatever that is; `typed` is what a person would answer."""
        environ = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(self.home), "LANG": "C.UTF-8",
                   **self.environ}
        done = subprocess.run([str(word) for word in command], cwd=folder or self.home, env=environ, input=typed,
                              check=False, text=True, capture_output=True, timeout=_ENDS_WITHIN)
        return Finished(done.returncode, done.stdout, done.stderr)

    def run(self, *command: str | Path, folder: Path | None = None, typed: str = "") -> str:
        """What a command printed that ended well."""
        done = self.call(*command, folder=folder, typed=typed)
        assert done.code == 0, f"{command} ended with {done.code}\n{done.output}\n{done.errors}"
        return done.output

    def program(self, client: Environment, name: str, **environ: str) -> list[str]:
        """The lines that `programs/<name>.py` printed, which shows one thing with each."""
        machine = self.knowing(**environ)
        return machine.run(client.python, _PROGRAMS / f"{name}.py").splitlines()
