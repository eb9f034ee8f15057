"""Runs git for Git folders: without this machine's settings, to http and https only, with a credential unseen."""
from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

_SECONDS = 120.0
_SETTINGS = {
    # A link of a product's repository could point out of the workspace.
    "core.symlinks": "false",
    "core.autocrlf": "false",
    "core.hooksPath": os.devnull,
    "core.bare": "false",
    "gc.auto": "0",
    "credential.helper": "",
    # The credential is for this host and no other one.
    "http.followRedirects": "false",
}


class GitFailedError(Exception):
    """Reads as what git said."""


def run_git(*arguments: str, folder: Path, authorization: str = "", stdin: str = "") -> str:
    """What git prints. `authorization` becomes a header of its requests; it is in no argument and no file."""
    settings = {**_SETTINGS, **({"http.extraHeader": f"Authorization: {authorization}"} if authorization else {})}
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, env=_environment(settings),
                              input=stdin.encode(errors="surrogateescape"), capture_output=True, check=False,
                              timeout=_SECONDS)
    except subprocess.TimeoutExpired as error:
        message = f"git {arguments[0]} took more than {_SECONDS:.0f} seconds"
        raise GitFailedError(message) from error
    except FileNotFoundError as error:
        message = "git is not on PATH; install it"
        raise GitFailedError(message) from error
    if done.returncode:
        raise GitFailedError(done.stderr.decode(errors="replace").strip())
    return done.stdout.decode(errors="surrogateescape").strip("\n")


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    environment = {
        "PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": "http:https",
        "GIT_ADVICE": "0", "GIT_CONFIG_COUNT": str(len(settings)),
    }
    for number, (key, value) in enumerate(settings.items()):
        environment |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return environment
