"""Whether the git of this machine is new enough."""
from __future__ import annotations

import re
from pathlib import Path

from sandbox.azure_devops.git.git_process import run_git
from sandbox.errors import SandboxError

_VERSION = re.compile(r"\d+(?:\.\d+)+")
# `git init --initial-branch`, with which every checkout begins, and `git merge-tree --write-tree`; see git's release
# notes, https://github.com/git/git/tree/master/Documentation/RelNotes.
_NEEDED = (2, 28)
_FOR_PULL_REQUESTS = (2, 38)


class OldGitError(SandboxError):
    """Nothing works with this git."""


def git_warning() -> str:
    """What does not work with the git on PATH; OldGitError where that is everything."""
    said = run_git("--version", folder=Path("/")).decode(errors="replace")
    found = _VERSION.search(said)
    version = tuple(map(int, found[0].split("."))) if found else ()
    if version < _NEEDED:
        message = f"git on PATH: got {said.strip()!r}, expected version {_text(_NEEDED)} or newer; install that"
        raise OldGitError(message)
    if version < _FOR_PULL_REQUESTS:
        return f"pull requests cannot be completed: git is {_text(version)}, that takes {_text(_FOR_PULL_REQUESTS)}"
    return ""


def _text(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
