"""A folder per story, in it a folder per push: what is laid over the clone, what goes wrong, and what came of it."""
from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.team import Team
from tests.conftest import Golden

STORIES = sorted((Path(__file__).parent / "cluster").iterdir())


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_every_push_of_the_story_does_what_is_told(story: Path, team: Team, golden: Golden) -> None:
    for page in sorted(story.iterdir()):
        team.forget()
        team.copy(page / "push")
        team.strike(page / "faults.json")
        team.push(page.name)
        golden(page / "expected_requests.txt", team.requests())
        golden(page / "expected_log.txt", team.log())
        golden(page / "expected_cluster.txt", team.cluster())
