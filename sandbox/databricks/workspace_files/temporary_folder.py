"""Folders for workspaces that nobody gave one: gone when the process ends."""
from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path


def temporary_folder() -> Path:
    return Path(tempfile.mkdtemp(dir=_parent()))


@cache
def _parent() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="workspaces-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
