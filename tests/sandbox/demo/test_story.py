from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sandbox.demo.acts import an_empty_repository_is_set_up, anna_clones_it
from sandbox.demo.clone import Clone, GitFailedError
from sandbox.demo.stage import Stage, StoryError, expect
from sandbox.demo.story import Act, play
from sandbox.world.people import ANNA


def something_unexpected(_: Stage) -> None:
    """Something unexpected happens"""
    expect(holds=False, sentence="expected one run, there were two")


def unknown_git_command(stage: Stage) -> None:
    """Anna mistypes a command"""
    stage.open_clone()
    stage.clone.git("psuh")


def test_story_that_goes_as_told_ends_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert play([an_empty_repository_is_set_up, anna_clones_it]) == 0
    out = capsys.readouterr().out
    assert "Act 1. A platform engineer runs the set-up pipeline for an empty repository." in out
    assert "    environments  churn-dev  (branch control, exclusive lock, required template)" in out
    assert "    cluster_and_libraries_config.json" in out


@pytest.mark.parametrize(("act", "sentence"), [
    (something_unexpected, "expected one run, there were two"), (unknown_git_command, "git psuh failed: git: 'psuh'"),
], ids=["outcome", "git"])
def test_story_that_goes_wrong_says_so_and_keeps_everything(
        act: Act, sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert play([act]) == 1
    said = capsys.readouterr().err
    assert f"the story went wrong: {sentence}" in said
    kept = Path(said.rpartition("everything is kept in ")[2].strip())
    assert (kept / "state/git").exists()
    shutil.rmtree(kept)


def test_what_holds_is_not_said() -> None:
    expect(holds=True, sentence="never shown")
    with pytest.raises(StoryError, match="shown"):
        expect(holds=False, sentence="shown")


def test_token_of_the_clone_stands_in_a_file_of_its_owner_only(tmp_path: Path) -> None:
    commands: list[str] = []
    with pytest.raises(GitFailedError):
        Clone.of("http://127.0.0.1:9/org/p/_git/r", tmp_path / "r", person=ANNA, token="t0ken", show=commands.append)
    assert "t0ken" not in "".join(commands)
    assert (tmp_path / "home/.git-credentials").stat().st_mode & 0o077 == 0
