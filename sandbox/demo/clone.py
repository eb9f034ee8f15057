"""A data scientist's machine: a home folder with a git credential, and a clone of the product."""
from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from sandbox.errors import SandboxError
from sandbox.pipelines.request import Identity

CONFIG = "cluster_and_libraries_config.json"


class GitFailedError(SandboxError):
    """A git command of the demo failed; reads as git's own words."""


@dataclass(frozen=True)
class Clone:
    """`folder` is the work tree; `show` is told of every command before it runs."""

    folder: Path
    home: Path
    show: Callable[[str], None]

    @classmethod
    def of(cls, url: str, folder: Path, *, person: Identity, token: str, show: Callable[[str], None]) -> Clone:
        """Clone `url` into `folder` as `person`, whose home is made beside it. The token stands in a file only."""
        home = folder.parent / "home"
        _write_git_settings(home, url, person, token)
        clone = cls(folder, home, show)
        clone.git("clone", "--quiet", url, folder.name, folder=folder.parent)
        return clone

    def git(self, *arguments: str, folder: Path | None = None, quiet: bool = False) -> str:
        if not quiet:
            self.show(f"$ git {' '.join(_shown(argument) for argument in arguments)}")
        environ = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(self.home), "LANG": "C.UTF-8",
                   "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}
        done = subprocess.run(["git", *arguments], cwd=folder or self.folder, env=environ, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode:
            message = f"git {arguments[0]} failed: {done.stdout.strip()}"
            raise GitFailedError(message)
        return done.stdout

    def config(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads((self.folder / CONFIG).read_text(encoding="utf-8"))
        return data

    def write_config(self, data: dict[str, Any], *, indent: int = 2) -> None:
        (self.folder / CONFIG).write_text(json.dumps(data, indent=indent) + "\n", encoding="utf-8")

    def changes(self) -> list[str]:
        """The lines of the configuration that were taken out and put in since the last commit."""
        difference = self.git("diff", "--unified=0", "--", CONFIG, quiet=True).splitlines()
        return [line for line in difference if line[:1] in "+-" and line[:3] not in ("+++", "---")]

    def push(self, message: str, branch: str) -> None:
        """Commit whatever changed and push it."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        self.git("push", "--quiet", "--set-upstream", "origin", branch)


def _write_git_settings(home: Path, url: str, person: Identity, token: str) -> None:
    home.mkdir(parents=True)
    parts = urlsplit(url)
    credential = home / ".git-credentials"
    credential.touch(mode=0o600)
    credential.write_text(f"{parts.scheme}://{quote(person.email, safe='')}:{token}@{parts.netloc}\n", encoding="utf-8")
    (home / ".gitconfig").write_text(
        f"[user]\n\tname = {person.name}\n\temail = {person.email}\n[credential]\n\thelper = store\n", encoding="utf-8")


def _shown(argument: str) -> str:
    return f'"{argument}"' if " " in argument else argument
