"""What `docs/sandbox.md` lets people copy works."""
from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from sandbox.databricks.administration import Administration
from sandbox.databricks.delays import Delays
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import Tenant
from sandbox.http.fault_json import fault_from_json
from tests.generate_docs import ROOT

PAGE = (ROOT / "docs" / "sandbox.md").read_text(encoding="utf-8")


def test_page_is_at_most_150_lines() -> None:
    assert len(PAGE.splitlines()) <= 150


def test_tests_of_the_page_pass_in_a_project_of_somebody_else(tmp_path: Path) -> None:
    conftest, test = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "conftest.py").write_text(conftest, encoding="utf-8")
    (tmp_path / "test_clusters.py").write_text(test, encoding="utf-8")
    settings = f'[tool.pytest.ini_options]\npythonpath = ["{ROOT}"]\nfilterwarnings = ["error"]\n'
    (tmp_path / "pyproject.toml").write_text(settings, encoding="utf-8")
    ended = subprocess.run([sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(tmp_path)], cwd=tmp_path,
                           capture_output=True, text=True, timeout=60, check=False)
    assert "1 passed" in ended.stdout, ended.stdout + ended.stderr


def test_every_setting_is_on_the_page_and_no_other() -> None:
    table = PAGE[PAGE.index("| setting |"):PAGE.index("Time can be advanced")]
    named = {name for row in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", row)}
    assert named == {*Administration(Workspace("any", tenant=Tenant())).settings(),
                     *(field.name for field in fields(Delays))}


@pytest.mark.parametrize("text", re.findall(r"faults/dev -d '(.*)'", PAGE))
def test_every_fault_of_the_page_is_one(text: str) -> None:
    assert fault_from_json(json.loads(text)).path.startswith("/api/")
