"""Runs git on this machine, untouched by the settings of whoever runs the sandbox."""
from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from sandbox.errors import SandboxError


class GitError(SandboxError):
    """git is missing or ended with an error; reads as git's own words. `code` is git's exit code."""

    def __init__(self, message: str, code: int = 0) -> None:
        super().__init__(message)
        self.code = code


def clean_environ() -> dict[str, str]:
    """An environment for git without a user's or a machine's configuration, and without questions at a terminal."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
    }


def run_git(*arguments: str, folder: Path, stdin: bytes = b"", environ: Mapping[str, str] | None = None) -> bytes:
    """What git prints; raises GitError with its message when it fails. `environ` is added to a clean environment."""
    command = ["git", "-C", str(folder), *arguments]
    environ = {**clean_environ(), **(environ or {})}
    try:
        done = subprocess.run(command, input=stdin, capture_output=True, check=False, env=environ)
    except FileNotFoundError as error:
        message = "git is not on PATH; install it"
        raise GitError(message) from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip() or f"ended with exit code {done.returncode}"
        message = f"git {arguments[0]} in {folder}: {said}"
        raise GitError(message, done.returncode)
    return done.stdout
