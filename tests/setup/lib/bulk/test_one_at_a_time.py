from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from setup.lib.bulk.one_at_a_time import held
from steps.lib.errors import InputError

ROOT = Path(__file__).parents[4]
_HOLD = """
import sys, pathlib
from setup.lib.bulk.one_at_a_time import held
with held(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_run_is_refused_while_the_first_goes_on(tmp_path: Path) -> None:
    progress = tmp_path / "onboard.progress.json"
    with held(progress), pytest.raises(InputError, match="one at a time"), held(progress):
        pass


def test_another_file_is_another_run(tmp_path: Path) -> None:
    with held(tmp_path / "a.progress.json"), held(tmp_path / "b.progress.json"):
        pass


def test_a_process_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    progress = tmp_path / "onboard.progress.json"
    with subprocess.Popen([sys.executable, "-c", _HOLD, str(progress)], cwd=ROOT, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(InputError), held(progress):
            pass
        other.kill()
        other.wait()
    with held(progress):
        pass


def test_a_folder_that_takes_nothing_is_named_before_anything_begins(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"), held(tmp_path / "none" / "p.json"):
        pass
