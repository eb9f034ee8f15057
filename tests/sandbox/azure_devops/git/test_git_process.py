from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.azure_devops.git.git_process import GitError, run_git


@pytest.mark.parametrize(("script", "said"), [
    ("echo no room >&2; exit 7", "no room"), ("exit 7", "ended with exit code 7"),
], ids=["with words", "without"])
def test_a_git_that_fails_says_why_or_how(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, said: str) -> None:
    (tmp_path / "git").write_text(f"#!/bin/sh\n{script}\n")
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError, match=f"^git log in {tmp_path}: {said}$"):
        run_git("log", folder=tmp_path)
