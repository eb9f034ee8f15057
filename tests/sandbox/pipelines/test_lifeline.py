from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.pipelines.lifeline import Lifeline
from sandbox.pipelines.orphans import LOOKUP_VARIABLE

_PATIENCE = 30.0
_HOLDER = """
import os, signal, sys
from sandbox.pipelines.lifeline import Lifeline
with Lifeline(sys.argv[1]) as lifeline:
    for group in sys.argv[2:]:
        lifeline.hold(int(group))
    os.kill(os.getpid(), signal.SIGKILL)
"""
Sleeper = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def sleeper(request: pytest.FixtureRequest) -> Sleeper:
    """Starts a program that sleeps, in a group of its own."""
    def start(**environ: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(["sleep", "60"], env={"PATH": os.defpath, **environ}, start_new_session=True)
        request.addfinalizer(process.wait)
        request.addfinalizer(process.kill)
        return process

    return start


def killed_holder(mark: str, *groups: int) -> None:
    """A process that held those groups, killed without a chance to do anything."""
    subprocess.run([sys.executable, "-c", _HOLDER, mark, *map(str, groups)], check=False, timeout=_PATIENCE)


def test_every_group_ends_with_who_held_it(sleeper: Sleeper) -> None:
    one, gone, other = sleeper(), sleeper(), sleeper()
    gone.kill()
    gone.wait()
    killed_holder("vsts_nothing", one.pid, gone.pid, other.pid)
    assert [process.wait(_PATIENCE) for process in (one, other)] == [-9, -9]


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are found in /proc only")
def test_what_left_its_group_is_found_by_its_mark(sleeper: Sleeper) -> None:
    other, marked = sleeper(**{LOOKUP_VARIABLE: "vsts_test_1"}), sleeper(**{LOOKUP_VARIABLE: "vsts_test.1"})
    killed_holder("vsts_test.1")
    assert marked.wait(_PATIENCE) == -9
    assert other.poll() is None


def test_what_is_left_lives_on_where_the_end_is_orderly(sleeper: Sleeper) -> None:
    process = sleeper(**{LOOKUP_VARIABLE: "vsts_orderly"})
    with Lifeline("vsts_orderly") as lifeline:
        lifeline.hold(process.pid)
    assert process.poll() is None


def test_a_guard_that_was_killed_holds_up_nobody(sleeper: Sleeper) -> None:
    with Lifeline("vsts_killed") as lifeline:
        assert lifeline._guard is not None
        lifeline._guard.kill()
        lifeline._guard.wait()
        lifeline.hold(sleeper().pid)


