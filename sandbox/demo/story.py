"""The product's story in nine acts. Each act checks that what happened is what was told."""
from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sandbox.demo.acts import ACTS
from sandbox.demo.jobs_acts import JOBS_ACTS
from sandbox.demo.stage import Stage
from sandbox.display.run_display import RunDisplay
from sandbox.errors import SandboxError
from sandbox.world.world import World

Act = Callable[[Stage], None]
PROLOGUE = (
    "Azure DevOps, Entra ID and the Databricks workspaces are embedded here, on this machine only. The rest is real:",
    "git pushes over HTTP, YAML is expanded from two repositories, and each step is a process of its own.",
    "",
)


def play(acts: Sequence[Act] = (*ACTS, *JOBS_ACTS)) -> int:
    """Play the acts in a new temporary folder; 1 with a sentence as soon as something is not as told."""
    folder = Path(tempfile.mkdtemp(prefix="brickline-demo-"))
    started = time.monotonic()
    display = RunDisplay(sys.stdout)
    try:
        with World(folder / "state", watch=display.of, on_push=display.pushed) as world:
            stage = Stage(world, folder, display.write)
            for line in PROLOGUE:
                display.write(line)
            for number, act in enumerate(acts, start=1):
                display.write(f"Act {number}. {act.__doc__}.")
                display.write()
                act(stage)
    except SandboxError as error:
        sys.stderr.write(f"the story went wrong: {error}; everything is kept in {folder}\n")
        return 1
    shutil.rmtree(folder)
    display.write(f"The story ends as it should, after {time.monotonic() - started:.1f} s.")
    display.write("To play by hand: make sandbox")
    return 0
