from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from setup.lib.bulk.inputs import Wish
from setup.lib.bulk.progress import Outcome, Progress, progress_file
from steps.lib.errors import InputError

WISH = Wish("analytics", "churn", "data_science", scaffold=False, line=3)
LIBRARY = "https://dev.azure.com/contoso/platform/_git/cicd"
DONE = Outcome("done", "14 created", "data_science", scaffold=False, release="refs/tags/v1")


def test_what_is_done_is_known_to_the_next_run(tmp_path: Path) -> None:
    Progress(tmp_path / "p.json", LIBRARY).put(WISH, DONE)
    assert Progress(tmp_path / "p.json", LIBRARY).is_done(WISH, "refs/tags/v1")


@pytest.mark.parametrize(("wish", "outcome", "release"), [
    (WISH, replace(DONE, result="failed"), "refs/tags/v1"), (WISH, DONE, "refs/tags/v2"),
    (replace(WISH, team="data_engineering"), DONE, "refs/tags/v1"),
    (replace(WISH, scaffold=True), DONE, "refs/tags/v1"), (replace(WISH, name="other"), DONE, "refs/tags/v1"),
], ids=["failed", "new release", "other team", "scaffold", "other repository"])
def test_what_is_asked_otherwise_now_is_done_again(tmp_path: Path, wish: Wish, outcome: Outcome, release: str) -> None:
    progress = Progress(tmp_path / "p.json", LIBRARY)
    progress.put(WISH, outcome)
    assert not progress.is_done(wish, release)


def test_of_another_library_nothing_is_done_yet(tmp_path: Path) -> None:
    Progress(tmp_path / "p.json", LIBRARY).put(WISH, DONE)
    other = Progress(tmp_path / "p.json", "https://dev.azure.com/fabrikam/platform/_git/cicd")
    assert not other.is_done(WISH, "refs/tags/v1")


def test_the_file_is_whole_at_any_moment(tmp_path: Path) -> None:
    """A reader never meets half a file, however many threads write."""
    file, progress = tmp_path / "p.json", Progress(tmp_path / "p.json", LIBRARY)
    progress.put(WISH, DONE)
    threads = [threading.Thread(target=progress.put, args=(replace(WISH, name=f"r{number}"), DONE))
               for number in range(40)]
    for thread in threads:
        thread.start()
        json.loads(file.read_text())
    for thread in threads:
        thread.join()
    assert len(json.loads(file.read_text())["outcomes"]) == 41


@pytest.mark.parametrize("text", ["", "[]", "{}", f'{{"library": "{LIBRARY}", "outcomes": {{"a": 1}}}}',
                                  f'{{"library": "{LIBRARY}", "outcomes": []}}'], ids=repr)
def test_a_file_of_somebody_else_is_not_taken_for_progress(tmp_path: Path, text: str) -> None:
    file = tmp_path / "p.json"
    file.write_text(text)
    with pytest.raises(InputError, match="delete the file"):
        Progress(file, LIBRARY)


def test_progress_lies_beside_the_inputs() -> None:
    assert progress_file(Path("there/onboard.json")) == Path("there/onboard.progress.json")
