from __future__ import annotations

from pathlib import Path

import pytest

from setup.lib.settings import SetupSettings
from steps.lib.errors import InputError


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    team = tmp_path / "teams/data_science"
    team.mkdir(parents=True)
    (team / "workspaces.json").write_text("{}")
    return {"ORGANIZATION_URL": "https://dev.azure.com/org", "CICD_PROJECT": "platform", "CICD_REPOSITORY": "cicd",
            "REMOTE_REPO_NAME": "churn", "TEAM": "data_science", "TEAMS_DIRECTORY": str(tmp_path / "teams"),
            "RELEASE_REF": "refs/tags/v1.0.0", "GENERATED_DIRECTORY": str(tmp_path / "generated"), "RUN_ID": "1",
            "SOURCE_COMMIT": "c"}


def test_the_product_lies_in_the_project_of_the_library_by_default(environ: dict[str, str]) -> None:
    assert SetupSettings.from_environ(environ).product == "platform/churn"


def test_the_product_may_lie_in_another_project(environ: dict[str, str]) -> None:
    assert SetupSettings.from_environ(environ | {"REMOTE_PROJECT": "retail"}).product == "retail/churn"


def test_flags_are_those_of_yaml(environ: dict[str, str]) -> None:
    settings = SetupSettings.from_environ(environ | {"UPDATE_PIPELINES": "True", "SCAFFOLD": "False"})
    assert (settings.update_pipelines, settings.scaffold, settings.dry_run) == (True, False, False)


def test_an_unknown_team_is_answered_with_the_nearest(environ: dict[str, str]) -> None:
    with pytest.raises(InputError, match="did you mean 'data_science'"):
        SetupSettings.from_environ(environ | {"TEAM": "data_sience"})


def test_everything_missing_is_said_at_once(environ: dict[str, str]) -> None:
    with pytest.raises(InputError) as raised:
        SetupSettings.from_environ({"TEAMS_DIRECTORY": environ["TEAMS_DIRECTORY"]})
    names = [line.split(": ")[1] for line in raised.value.lines]
    assert names == ["CICD_PROJECT", "CICD_REPOSITORY", "GENERATED_DIRECTORY", "ORGANIZATION_URL", "RELEASE_REF",
                     "REMOTE_REPO_NAME", "RUN_ID", "SOURCE_COMMIT", "TEAM"]
