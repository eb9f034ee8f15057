"""Microsoft's own language service for pipeline YAML judges what we wrote and what the engine makes of it.

Node is used here, and for one client of Databricks. `make judge` installs the service from its lock file; without it
these tests are skipped.
"""
from __future__ import annotations

import json
import shutil
import subprocess
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import pytest
import yaml

from sandbox.pipelines.final import to_data
from tests.pipelines.listeners import LISTENERS, as_written, expanded

ROOT = Path(__file__).parents[2]
SERVICE = Path(__file__).parent / "language_service"
FOLDERS = ("pipelines", "setup", "files_for_remote_repo")
SOURCES = sorted([ROOT / "azure-pipelines.yml", *(path for name in FOLDERS for path in (ROOT / name).rglob("*.yml"))])
# The schema knows no template expressions, and wants plain characters where a name may be one.
ALLOWED = {(path, r'String does not match the pattern of "^[-_A-Za-z0-9]*$".')
           for path in ("pipelines/steps/run_step.yml", "setup/run_setup_step.yml")}

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not (SERVICE / "node_modules").is_dir(),
    reason="needs Node and the language service: run 'make judge' once")


def problems(*paths: Path) -> dict[str, list[str]]:
    """Messages by file name, for every file."""
    with as_file(files("check_jsonschema").joinpath("builtin_schemas/vendor/azure-pipelines.json")) as schema:
        command = ["node", *map(str, (SERVICE / "judge.js", schema, *paths))]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    return {path: [problem["message"][:200] for problem in found[path]] for path in found}


@cache
def source_problems() -> dict[str, list[str]]:
    return problems(*SOURCES)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_service_accepts_a_source(source: Path) -> None:
    name = source.relative_to(ROOT).as_posix()
    assert [text for text in source_problems()[str(source)] if (name, text) not in ALLOWED] == []


@pytest.mark.parametrize("listener", LISTENERS, ids=lambda path: path.name)
def test_the_service_accepts_an_expanded_listener(listener: Path, tmp_path: Path) -> None:
    final = tmp_path / "final.yml"
    document = as_written(to_data(expanded(listener).root))
    final.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    assert problems(final)[str(final)] == []


def test_the_service_refuses_an_unknown_property(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yml"
    wrong.write_text("steps:\n- script: x\n  nonsense: y\n", encoding="utf-8")
    assert problems(wrong)[str(wrong)] == ["Unexpected property nonsense"]


def test_nothing_is_allowed_that_the_service_does_not_mind() -> None:
    found = {(Path(path).relative_to(ROOT).as_posix(), text) for path in source_problems()
             for text in source_problems()[path]}
    assert found >= ALLOWED
