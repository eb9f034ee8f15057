from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sandbox.azure_devops.runs.unfinished_runs import close_unfinished
from sandbox.world.world import World

_SECONDS = 30.0
Mark = Callable[..., "subprocess.Popen[bytes]"]
needs_proc = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are found in /proc only")


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def becomes(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + _SECONDS
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)
    return holds()


@pytest.fixture
def killed(tmp_path: Path) -> tuple[Path, list[int]]:
    """The state folder of a sandbox killed during a run, and the processes of its step."""
    state = tmp_path / "state"
    with subprocess.Popen([sys.executable, "-m", "tests.sandbox.azure_devops.long_run", str(state)]) as process:
        started = state / "home/started"
        assert becomes(started.exists)
        process.kill()
    pids = [int(word) for word in started.read_text().split()]
    return state, pids


def test_a_killed_sandbox_leaves_no_process_and_no_open_run(killed: tuple[Path, list[int]]) -> None:
    state, pids = killed
    assert becomes(lambda: not any(is_alive(pid) for pid in pids))
    with World(state):
        pass
    record = json.loads((state / "runs/1/result.json").read_text(encoding="utf-8"))
    assert (record["result"], record["pipeline"], record["ref"]) == ("abandoned", "long", "refs/heads/long")
    assert "the sandbox ended before this run did" in (state / "runs/1/log.txt").read_text(encoding="utf-8")
    assert sorted(path.name for path in (state / "runs/1").iterdir()) == ["log.txt", "logs", "result.json"]


@pytest.fixture
def sleeper() -> Iterator[Mark]:
    started: list[subprocess.Popen[bytes]] = []

    def start(**environ: str) -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen(["sleep", "60"], env={"PATH": os.defpath, **environ}))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@needs_proc
def test_what_an_agent_left_ends_when_its_runs_are_closed(tmp_path: Path, sleeper: Mark) -> None:
    (tmp_path / "runs").mkdir()
    process = sleeper(VSTS_PROCESS_LOOKUP_ID="vsts_x", AGENT_WORKFOLDER=str(tmp_path.resolve() / "runs/1/work"))
    close_unfinished(tmp_path / "runs")
    assert process.wait(_SECONDS) == -9


@pytest.mark.parametrize(("mark", "agent"), [
    ("vsts_x", "{0}/other/runs/1/work"), ("vsts_x", "{0}/runs2/1"), ("", "{0}/runs/1/work"), ("x", "{0}/runs/1/work"),
    ("vsts_x", ""),
], ids=["another state", "same beginning", "no mark", "another's mark", "no agent"])
def test_processes_of_others_stay(tmp_path: Path, sleeper: Mark, mark: str, agent: str) -> None:
    (tmp_path / "runs").mkdir()
    process = sleeper(VSTS_PROCESS_LOOKUP_ID=mark, AGENT_WORKFOLDER=agent.format(tmp_path))
    close_unfinished(tmp_path / "runs")
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.05)


def test_ended_runs_stay_as_they_are(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / str(number)).mkdir()
    (tmp_path / "1/result.json").write_text("{}", encoding="utf-8")
    assert close_unfinished(tmp_path) == [2]
    assert (tmp_path / "1/result.json").read_text(encoding="utf-8") == "{}"
