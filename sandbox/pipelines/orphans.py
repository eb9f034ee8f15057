"""Ends processes that outlived who started them, found by what stands in their environment."""
from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from pathlib import Path

LOOKUP_VARIABLE = "VSTS_PROCESS_LOOKUP_ID"
LOOKUP_PREFIX = "vsts_"
AGENT_VARIABLE = "AGENT_WORKFOLDER"


def end_orphans(lookup_id: str) -> int:
    """Kill every process that still carries this job's mark in its environment; how many there were.

    The agent does so when a job is over: what a step left running in the background lives as long as its job.
    """
    return _kill_where(lambda environ: environ.get(LOOKUP_VARIABLE) == lookup_id)


def end_left_over(folder: Path) -> int:
    """Kill every process that a step of an agent below `folder` has left; how many there were.

    For the time after an end without a clean-up. A process needs both marks, that of a job and that of an agent there.
    """
    def is_left(environ: Mapping[str, str]) -> bool:
        agent = environ.get(AGENT_VARIABLE, "")
        return environ.get(LOOKUP_VARIABLE, "").startswith(LOOKUP_PREFIX) and Path(agent).is_relative_to(folder)

    return _kill_where(is_left)


def _kill_where(is_wanted: Callable[[Mapping[str, str]], bool]) -> int:
    """Goes round until nothing new is found: what is to be killed may start another one meanwhile."""
    ended: set[int] = set()
    found = True
    while found:
        numbers = {int(folder.name) for folder in Path("/proc").glob("[0-9]*")} - {os.getpid()} - ended
        killed = {number for number in numbers if _kill_if(is_wanted, number)}
        ended |= killed
        found = bool(killed)
    return len(ended)


def _kill_if(is_wanted: Callable[[Mapping[str, str]], bool], number: int) -> bool:
    try:
        content = Path(f"/proc/{number}/environ").read_bytes()
        pairs = (entry.partition("=") for entry in os.fsdecode(content).split("\0"))
        if not is_wanted({name: value for name, _, value in pairs}):
            return False
        os.kill(number, signal.SIGKILL)
    except OSError:
        return False
    return True
