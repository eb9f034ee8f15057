from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from setup.lib.pipelines.team_environments import team_environments
from steps.lib.config.team import Team
from steps.lib.errors import InputError
from tests.setup.bench import APPROVERS, ROOT

OPEN: dict[str, Any] = {"exclusiveLock": False, "allowedBranches": None, "approval": None}


def written(folder: Path, **environments: Any) -> Team:
    data = {"dev": OPEN, "test": OPEN, "prod": OPEN, **environments}
    (folder / "environments.json").write_text(json.dumps(data, indent=2))
    return Team("data_science", folder)


@pytest.mark.parametrize("team", ["data_science", "data_engineering"])
def test_prod_of_the_teams_here_asks_for_an_approval(team: str) -> None:
    guards = team_environments(Team(team, ROOT / "teams" / team)).guards
    assert guards["dev"].approval is None
    assert guards["prod"].approval is not None
    assert not guards["prod"].approval.requester_may
    assert all(guard.exclusive_lock for guard in guards.values())


def test_an_approver_knows_the_line_of_the_file() -> None:
    [approver] = team_environments(Team("data_science", ROOT / "teams/data_science")).approvers()
    text = (ROOT / "teams/data_science/environments.json").read_text(encoding="utf-8").splitlines()
    assert (approver.name, APPROVERS in text[approver.line - 1]) == (APPROVERS, True)


def test_what_is_not_written_is_as_strict_as_it_can_be(tmp_path: Path) -> None:
    team = written(tmp_path, prod={**OPEN, "approval": {"approvers": ["anna@example.com"]}})
    rule = team_environments(team).guards["prod"].approval
    assert rule is not None
    assert (rule.minimum, rule.requester_may, rule.timeout) == (0, False, 43200)


WRONG = [
    pytest.param({"approval": {"approvers": []}}, "prod.approval.approvers", id="nobody"),
    pytest.param({"approval": {"approvers": ["a"], "timeout": 0}}, "prod.approval.timeout", id="no time"),
    pytest.param({"approval": {"approvers": ["a"], "min": 1}}, "prod.approval.min", id="unknown field"),
    pytest.param({"allowedBranches": ["main"]}, "prod.allowedBranches[0]", id="short branch"),
    pytest.param({"allowedBranches": []}, "prod.allowedBranches", id="no branch"),
    pytest.param({"exclusiveLock": "yes"}, "prod.exclusiveLock", id="no flag"),
]


@pytest.mark.parametrize(("changed", "path"), WRONG)
def test_what_is_wrong_is_named_by_path(tmp_path: Path, changed: dict[str, Any], path: str) -> None:
    with pytest.raises(InputError) as caught:
        team_environments(written(tmp_path, prod={**OPEN, **changed}))
    assert f": {path}: " in str(caught.value)
