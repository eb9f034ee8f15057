"""Ends a set-up run at a chosen request, as a power cut or an impatient person would."""
from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from sandbox.http.faults import Fault, Faults

# Long enough to be killed in, short enough for a test; nothing waits for it to pass.
_HELD_SECONDS = 6.0
_PATIENCE_SECONDS = 60.0


def hold(faults: Faults, path: str, method: str = "POST") -> None:
    """Keep the next request of this kind waiting; it is refused when that has passed."""
    faults.add(Fault(path, method, delay=_HELD_SECONDS))


def wait_until(holds: Callable[[], object]) -> None:
    """Until `holds` says so; a run that never gets there fails the test."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def kill_step(module: str, folder: Path) -> None:
    """Kill the one process below `folder` that runs `python -m module`."""
    [found] = [one for one in Path("/proc").iterdir() if one.name.isdigit() and _runs(one, module, folder)]
    os.kill(int(found.name), signal.SIGKILL)


def _runs(process: Path, module: str, folder: Path) -> bool:
    try:
        words = (process / "cmdline").read_bytes().split(b"\0")
        return module.encode() in words and folder in (process / "cwd").readlink().parents
    except OSError:
        return False
