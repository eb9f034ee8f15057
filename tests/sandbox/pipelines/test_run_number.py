from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest

from sandbox.pipelines.run_number import run_number
from sandbox.pipelines.variables import Variables
from tests.sandbox.pipelines.running import request

NOW = datetime(2024, 3, 5, 14, 7, 9, tzinfo=timezone.utc)
FORMATS = [
    ("", "20240305.1"),
    ("$(Date:yyyy-MM-dd)", "2024-03-05"),
    ("$(Year:yy).$(Month).$(DayOfMonth).$(DayOfYear)", "24.3.5.65"),
    ("$(BuildDefinitionName)_$(SourceBranchName)_$(TeamProject)", "pipeline_main_project"),
    ("$(BuildID)", "1"),
    ("$(major).$(Rev:rr)", "7.01"),
    ("$(Hours)$(Minutes)$(Seconds)", "1479"),
    ("$(nosuch)", "$(nosuch)"),
]


@pytest.mark.parametrize(("text", "number"), FORMATS)
def test_a_run_is_numbered_by_its_format(tmp_path: Path, text: str, number: str) -> None:
    variables = Variables()
    variables.set("major", "7")
    assert run_number(text, request(tmp_path, "steps: []"), variables, NOW) == number


def test_the_revision_counts_runs_of_the_same_name(tmp_path: Path) -> None:
    made = request(tmp_path, "steps: []")
    numbers = [run_number(text, made, Variables(), NOW) for text in ("a.$(Rev:r)", "a.$(Rev:r)", "b.$(Rev:r)")]
    assert numbers == ["a.1", "a.2", "b.1"]
