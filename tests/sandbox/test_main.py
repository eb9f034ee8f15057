"""What somebody reads who has not installed anything yet."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import __main__


def test_missing_package_is_named_with_what_to_do(tmp_path: Path) -> None:
    without_packages = [sys.executable, "-S", "-m", "sandbox", "up", "--state", str(tmp_path)]
    done = subprocess.run(without_packages, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "has no package 'cattrs', which the sandbox needs; run 'make install' once" in done.stderr


def test_old_python_is_told_which_is_wanted(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    assert __main__.main(["up", "--state", str(tmp_path)]) == 1
    assert "got 3.9, expected 3.10 or newer; run 'make install' once" in capsys.readouterr().err


def test_module_of_the_sandbox_that_is_missing_is_a_bug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sandbox.display.run_display", None)
    with pytest.raises(ModuleNotFoundError, match="run_display"):
        __main__.main(["up", "--state", str(tmp_path)])
