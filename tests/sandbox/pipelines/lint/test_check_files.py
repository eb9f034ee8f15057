"""The linter over files: this project's own, and one that is no YAML."""
from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.__main__ import main
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


def test_the_command_prints_rule_file_and_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.yml").write_text("steps:\n- script: echo $(x)\n", encoding="utf-8")
    assert main(["pipelines", "lint", str(tmp_path)]) == 1
    assert capsys.readouterr().out.startswith(f"{tmp_path}/a.yml:2: expression-in-script: ")


def test_the_command_refuses_a_path_that_does_not_exist(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pipelines", "lint", "no/such/file.yml"]) == 2
    assert "no/such/file.yml: no such file or folder" in capsys.readouterr().err
