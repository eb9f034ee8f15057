from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.pipelines.artifacts import ArtifactError, ArtifactStore, select

PATHS = ["a.md", "docs/b.md", "src/c.py", "src/deep/d.py"]
PATTERNS = [
    (["**"], PATHS), (["*.md"], ["a.md"]), (["**/*.md"], ["a.md", "docs/b.md"]), (["src/*"], ["src/c.py"]),
    (["SRC/**"], ["src/c.py", "src/deep/d.py"]), (["**", "!**/*.md"], ["src/c.py", "src/deep/d.py"]),
    (["!**/*.md", "**"], PATHS), (["?.md"], ["a.md"]), (["a[.]md"], []),
]


@pytest.mark.parametrize(("patterns", "chosen"), PATTERNS)
def test_patterns_add_and_take_away_in_order(patterns: list[str], chosen: list[str]) -> None:
    assert select(PATHS, patterns) == chosen


def store(folder: Path) -> ArtifactStore:
    (folder / "out").mkdir()
    (folder / "out" / "x.txt").write_text("x")
    return ArtifactStore(folder / "kept")


def test_one_file_is_published_under_its_own_name(tmp_path: Path) -> None:
    made = store(tmp_path)
    assert made.publish("one", tmp_path / "out" / "x.txt") == 1
    assert (made.folders["one"] / "x.txt").read_text() == "x"


def test_all_artifacts_land_in_a_folder_each(tmp_path: Path) -> None:
    made = store(tmp_path)
    made.publish("one", tmp_path / "out")
    made.publish("two", tmp_path / "out")
    assert made.download("", tmp_path / "got", ["**"]) == 2
    assert (tmp_path / "got" / "two" / "x.txt").exists()


@pytest.mark.parametrize("name", ["", "a/b", "a:b", "..", "a*", 'a"'])
def test_a_name_that_cannot_be_a_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ArtifactError, match="not valid"):
        store(tmp_path).publish(name, tmp_path / "out")


def test_an_ignore_file_is_not_modelled(tmp_path: Path) -> None:
    made = store(tmp_path)
    (tmp_path / "out" / ".artifactignore").write_text("*")
    with pytest.raises(ArtifactError, match="artifactignore is not modelled"):
        made.publish("one", tmp_path / "out")
