from __future__ import annotations

import json
from pathlib import Path

from steps.lib.config.generated_files import remove, write


def test_content_is_written_whole_and_nothing_else(tmp_path: Path) -> None:
    path = write(tmp_path / "new" / "folder", "x.json", {"a": "größe"})
    assert json.loads(path.read_text("utf-8")) == {"a": "größe"}
    assert [file.name for file in path.parent.iterdir()] == ["x.json"]


def test_an_earlier_file_is_replaced(tmp_path: Path) -> None:
    write(tmp_path, "x.json", {"a": [1, 2, 3]})
    assert write(tmp_path, "x.json", []).read_text("utf-8") == "[]\n"


def test_what_an_earlier_run_left_is_removed(tmp_path: Path) -> None:
    write(tmp_path, "a.json", {})
    remove(tmp_path, ["a.json", "absent.json"])
    assert list(tmp_path.iterdir()) == []
