from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from sandbox.pipelines.orphans import LOOKUP_VARIABLE, end_orphans
from sandbox.pipelines.process import Patience, Program, RunningProgram

QUICK = Patience(interrupt=0.1, terminate=0.1, streams=0.1)


def start(script: str, folder: Path, seen: list[str], **environment: str) -> RunningProgram:
    program = Program(["bash", "-c", script], folder, {"PATH": os.defpath, **environment})
    return RunningProgram(program, lambda line, _: seen.append(line), QUICK)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def gone(pid: int) -> bool:
    end = time.monotonic() + 30
    while is_alive(pid) and time.monotonic() < end:
        time.sleep(0.01)
    return not is_alive(pid)


def test_lines_and_exit_code_come_back(tmp_path: Path) -> None:
    seen: list[str] = []
    assert start("echo one; printf two; exit 3", tmp_path, seen).wait(lambda: False) == 3
    assert seen == ["one", "two"]


STUBBORN = [
    pytest.param("sleep 60", id="heeds the interrupt"),
    pytest.param("trap '' INT; sleep 60", id="heeds the termination"),
    pytest.param("trap '' INT TERM; while :; do sleep 0.05; done", id="has to be killed"),
    pytest.param("yes", id="never stops printing"),
]


@pytest.mark.parametrize("script", STUBBORN)
def test_a_program_that_has_to_go_goes(tmp_path: Path, script: str) -> None:
    begin = time.monotonic()
    running = start(script, tmp_path, [])
    assert running.wait(lambda: time.monotonic() > begin + 0.1) != 0
    assert running.was_ended
    assert time.monotonic() - begin < 30


def test_children_go_with_a_program_that_is_ended(tmp_path: Path) -> None:
    seen: list[str] = []
    start("trap '' INT TERM; sleep 60 & echo $!; wait", tmp_path, seen).wait(lambda: bool(seen))
    assert gone(int(seen[0]))


def test_a_child_that_keeps_the_output_open_is_not_awaited(tmp_path: Path) -> None:
    seen: list[str] = []
    running = start("sleep 60 & echo $!", tmp_path, seen, **{LOOKUP_VARIABLE: "test_left"})
    assert running.wait(lambda: False) == 0
    assert running.left_streams_open
    assert is_alive(int(seen[0]))
    assert end_orphans("test_left") == 1
    assert gone(int(seen[0]))


def test_orphans_are_found_also_in_a_session_of_their_own(tmp_path: Path) -> None:
    seen: list[str] = []
    script = "setsid sleep 30 >/dev/null 2>&1 & echo $!; sleep 0.1"
    start(script, tmp_path, seen, **{LOOKUP_VARIABLE: "test_session"}).wait(lambda: False)
    assert end_orphans("test_session") == 1


def test_a_program_nobody_can_listen_to_is_killed(tmp_path: Path) -> None:
    def fail(line: str, _: bool) -> None:
        raise OSError(28, line)

    running = RunningProgram(Program(["bash", "-c", "trap '' INT TERM; echo 1; sleep 60"], tmp_path, {}), fail, QUICK)
    with pytest.raises(OSError, match="1"):
        running.wait(lambda: False)
    assert gone(running.group)


def test_a_program_reads_nothing_from_this_terminal(tmp_path: Path) -> None:
    seen: list[str] = []
    assert start("cat; echo done", tmp_path, seen).wait(lambda: False) == 0
    assert seen == ["done"]
