"""Someone with a clone, who uses git the way a data scientist does."""
from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from sandbox.azure_devops.git.git_process import clean_environ

_AUTHOR = {"NAME": "Anna Berg", "EMAIL": "anna@example.com"}


@dataclass
class Person:
    folder: Path

    def git(self, *arguments: str, fails: bool = False) -> str:
        """What git says on both of its outputs; whether it failed must be as told."""
        author = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in _AUTHOR.items()}
        done = subprocess.run(["git", *arguments], cwd=self.folder, env={**clean_environ(), **author}, text=True,
                              errors="replace", check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert (done.returncode != 0) == fails, done.stdout
        return done.stdout

    def commit(self, path: str, text: str, message: str = "Change") -> str:
        """Write one file and commit it; returns the commit."""
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text, encoding="utf-8")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD").strip()
