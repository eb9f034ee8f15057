from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from setup.lib.bulk.inputs import read_bulk_inputs
from steps.lib.errors import InputError
from tests.setup.bench import ROOT

TEAMS = ROOT / "teams"


def written(folder: Path, *repositories: Any, **changed: Any) -> Path:
    file = folder / "onboard.json"
    file.write_text(json.dumps({
        "organization_url": "https://dev.azure.com/contoso", "cicd": {"project": "platform", "repository": "cicd"},
        "defaults": {"project": "analytics", "team": "data_science"}, "repositories": repositories, **changed,
    }, indent=2))
    return file


def test_the_example_is_read() -> None:
    inputs = read_bulk_inputs(ROOT / "setup/onboard.example.json", TEAMS)
    assert [(one.key, one.team, one.scaffold) for one in inputs.wishes] == [
        ("analytics/churn", "data_science", False), ("analytics/forecast", "data_science", False),
        ("analytics/ingest", "data_engineering", True)]


WRONG = [
    pytest.param(["churn", "Churn"], "onboard.json:13: repository 'analytics/Churn' stands in line 12 already",
                 id="twice"),
    pytest.param([{"name": "churn", "team": "data_sience"}], "did you mean 'data_science'?", id="unknown team"),
    pytest.param([{"repo": "churn"}], "repositories[0].repo: unknown field", id="unknown field"),
    pytest.param([""], "repositories[0]", id="no name"),
    pytest.param([], "repositories", id="none"),
]


@pytest.mark.parametrize(("repositories", "said"), WRONG)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, repositories: list[Any], said: str) -> None:
    with pytest.raises(InputError) as caught:
        read_bulk_inputs(written(tmp_path, *repositories), TEAMS)
    assert said in str(caught.value)


def test_all_mistakes_are_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_bulk_inputs(written(tmp_path, {"name": "a", "team": "x"}, {"name": "a", "team": "y"}), TEAMS)
    assert len(caught.value.lines) == 3
