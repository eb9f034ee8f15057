"""Variables that every run has before anyone sets one."""
from __future__ import annotations

from pathlib import Path

import pytest

from tests.sandbox.pipelines.running import lines, run


def test_the_run_knows_its_branch_commit_and_person(tmp_path: Path) -> None:
    text = """
        steps:
        - bash: echo "$BUILD_SOURCEBRANCH $BUILD_SOURCEBRANCHNAME $BUILD_REPOSITORY_NAME $BUILD_REQUESTEDFOREMAIL"
        """
    result = run(tmp_path, text, ref="refs/heads/feature/model")
    assert lines(result) == ["refs/heads/feature/model model product user@sandbox.test"]


COMPILED = [
    ("Build.Reason", "Manual"), ("Build.SourceBranchName", "main"), ("Build.DefinitionName", "pipeline"),
    ("System.DefinitionId", "7"), ("System.TeamProject", "project"), ("Build.BuildId", ""), ("Build.BuildNumber", ""),
    ("Build.Repository.Name", ""), ("Build.SourcesDirectory", ""), ("Agent.OS", ""), ("System.JobName", ""),
]


@pytest.mark.parametrize(("name", "value"), COMPILED)
def test_only_what_is_known_at_queue_time_is_there_for_templates(tmp_path: Path, name: str, value: str) -> None:
    text = f"steps: [{{bash: \"echo '[${{{{ variables['{name}'] }}}}]'\"}}]"
    assert lines(run(tmp_path, text, definition_id=7)) == [f"[{value}]"]


def test_the_token_of_the_run_reaches_only_steps_that_map_it(tmp_path: Path) -> None:
    text = """
        steps:
        - bash: |
            echo "[$SYSTEM_ACCESSTOKEN] [$TOKEN]"
            [ "$TOKEN" = "run-token" ] && echo right
          env: {TOKEN: $(System.AccessToken)}
        """
    assert lines(run(tmp_path, text, access_token="run-token")) == ["[] [***]", "right"]
