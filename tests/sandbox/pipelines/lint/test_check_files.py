"""The linter over files: this project's own, and one that is no YAML."""
from __future__ import annotations

from pathlib import Path

from sandbox.pipelines.lint.check import check_files

ROOT = Path(__file__).parents[4]


def test_the_templates_of_this_project_keep_every_rule() -> None:
    folders = ("pipelines", "setup", "files_for_remote_repo")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.yml")]
    assert files
    assert check_files([*files, ROOT / "azure-pipelines.yml"]) == []


def test_a_file_that_is_no_yaml_is_a_violation(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("steps:\n\t- script: x\n", encoding="utf-8")
    assert [(one.rule, one.line) for one in check_files([tmp_path / "a.yml"])] == [("yaml", 2)]
