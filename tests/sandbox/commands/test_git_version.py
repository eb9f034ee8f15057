from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.azure_devops.git.git_process import GitError
from sandbox.commands.git_version import OldGitError, git_warning


def use_git(folder: Path, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    git = folder / "git"
    git.write_text(f"#!/bin/sh\necho '{said}'\n")
    git.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


@pytest.mark.parametrize("said", ["git version 2.38.0", "git version 2.39.5 (Apple Git-154)", "git version 3.0"])
def test_a_new_git_is_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    use_git(tmp_path, said, monkeypatch)
    assert git_warning() == ""


@pytest.mark.parametrize("version", ["2.37.9", "2.28.0"])
def test_an_older_git_completes_no_pull_requests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    use_git(tmp_path, f"git version {version}.windows.1", monkeypatch)
    assert git_warning() == f"pull requests cannot be completed: git is {version}, that takes 2.38"


@pytest.mark.parametrize("said", ["git version 2.27.9", "git version 1.8.3.1", "git"])
def test_a_git_that_is_too_old_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    use_git(tmp_path, said, monkeypatch)
    with pytest.raises(OldGitError, match=f"git on PATH: got '{said}', expected version 2.28 or newer; install that"):
        git_warning()


def test_without_git_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError, match="git is not on PATH; install it"):
        git_warning()
