from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.world.state import State, StateError

HOLD = """
import sys, time
from pathlib import Path
from sandbox.world.state import State
with State(Path(sys.argv[1])).held():
    print("held", flush=True)
    time.sleep(60)
"""


def holder(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_second_holder_is_told_who_runs(tmp_path: Path) -> None:
    process = holder(tmp_path)
    with pytest.raises(StateError, match=f"in use by process {process.pid}; end that one first"):
        State(tmp_path).held().__enter__()
    end(process)


def test_folder_of_a_killed_process_is_free(tmp_path: Path) -> None:
    end(holder(tmp_path))
    with State(tmp_path).held():
        assert (tmp_path / "lock").read_text(encoding="utf-8") == f"process {os.getpid()}"


def test_empty_is_refused_while_somebody_runs(tmp_path: Path) -> None:
    process = holder(tmp_path)
    (tmp_path / "git").mkdir()
    with pytest.raises(StateError, match="in use by process"):
        State(tmp_path).empty()
    assert (tmp_path / "git").exists()
    end(process)


def test_empty_removes_everything_but_the_lock(tmp_path: Path) -> None:
    state = State(tmp_path)
    with state.held():
        (tmp_path / "git/churn.git").mkdir(parents=True)
        state.write_private("credentials.json", {})
    state.empty()
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]


def test_foreign_folder_is_never_emptied(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(StateError, match="is not a sandbox's state folder; name another one with --state"):
        State(tmp_path).empty()
    assert (tmp_path / "thesis.txt").exists()


def test_absent_folder_is_empty_already(tmp_path: Path) -> None:
    State(tmp_path / "absent").empty()
    assert not (tmp_path / "absent").exists()


def test_private_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    state = State(tmp_path)
    (tmp_path / "a.json").touch(mode=0o644)
    path = state.write_private("a.json", {"token": "t"})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert state.read("a.json") == {"token": "t"}


def test_a_foreign_folder_is_never_taken(tmp_path: Path) -> None:
    (tmp_path / "thesis.md").touch()
    (tmp_path / "lock").mkdir()
    with pytest.raises(StateError, match="is not a sandbox's state folder; name another one with --state"):
        State(tmp_path).held().__enter__()
    assert {path.name for path in tmp_path.iterdir()} == {"thesis.md", "lock"}


def test_a_file_is_no_state_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StateError, match="is not a sandbox's state folder"):
        State(tmp_path / "file").empty()


@pytest.mark.parametrize(("name", "why"), [
    ("x" * 400, "its name has 4\\d\\d bytes, expected at most 400"), ("\udcff", "its name is no UTF-8 in this locale"),
], ids=["long", "no text"])
def test_a_name_that_not_everything_can_use_is_refused(tmp_path: Path, name: str, why: str) -> None:
    with pytest.raises(StateError, match=f"{why}; name another one with --state"):
        State(tmp_path / name).held().__enter__()


def test_a_broken_file_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "credentials.json").write_text("{oops")
    with pytest.raises(StateError, match=r"credentials.json: is no JSON .*; delete the file"):
        State(tmp_path).read("credentials.json")
