"""The magics that start programs: `%sh` and `%pip`."""
from __future__ import annotations

import importlib
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_MOUNT = re.compile("^/dbfs/")


class CommandFailedError(Exception):
    """A program ended with an error that the notebook must not pass over."""


def shell(text: str) -> None:
    """Its exit code is passed over, unless the cell begins with `%sh -e`, as on Databricks."""
    strict = text.startswith("-e")
    script = text.removeprefix("-e") if strict else text
    code = _run(["bash", *(["-e"] if strict else []), "-c", script])
    if code and strict:
        message = f"shell command failed with exit code {code}"
        raise CommandFailedError(message)


def pip(text: str, packages: Path, file_store: Path) -> None:
    """Every line of a `%pip` cell; `install` puts packages into the folder of this run, and nowhere else.

    What is installed from `/dbfs/` lies below `file_store`.
    """
    for line in text.replace("\\\n", " ").split("\n"):
        words = shlex.split(line.strip().removeprefix("%pip"), comments=True)
        if not words:
            continue
        if words[0] != "install":
            message = f"the sandbox models '%pip install', not '%pip {words[0]}'"
            raise CommandFailedError(message)
        pip_install([_MOUNT.sub(lambda _: f"{file_store}/", word) for word in words[1:]], packages)


def pip_install(words: Sequence[str], packages: Path) -> None:
    code = _run([sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--quiet",
                 "--upgrade", "--target", str(packages), *words])
    importlib.invalidate_caches()
    if code:
        message = f"pip install {shlex.join(words)} failed with exit code {code}"
        raise CommandFailedError(message)


def _run(command: Sequence[str]) -> int:
    sys.stdout.flush()
    return subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT).returncode
