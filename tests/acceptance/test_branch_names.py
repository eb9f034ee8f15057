"""Whatever git allows as a branch name reaches every step as data, and every branch has a cluster of its own."""
from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.team import Team

HOSTILE = (
    "feature/\"double\"'single'`id`",
    "feature/a;b&&c|d>e",
    "feature/%AZP25%0A##vso",
)
LONG_OR_FOREIGN = ("feature/größe-数据", "feature/größe-数据x", "feature/" + "x" * 242, "feature/" + "x" * 241 + "y")
COLLIDING = ("feature/a-b", "feature/a/b", "feature/a_b")


def clusters_of(team: Team, *branches: str) -> list[dict[str, Any]]:
    """Push each branch with a commit of its own, let all runs end well, and read every cluster."""
    for branch in branches:
        team.switch(branch)
        team.edit(lambda config: config["cluster_parameters"].update(autotermination_minutes=45))
        (team.person.folder / "notes.md").write_text(branch, encoding="utf-8")
        team.send(branch)
        team.person.git("checkout", "-q", "main")
    assert [run.outcome for run in team.ended()] == ["succeeded"] * len(branches)
    return team.view.clusters()


def test_hostile_names_arrive_unchanged(team: Team) -> None:
    found = clusters_of(team, *HOSTILE)
    assert {cluster["custom_tags"]["branch"] for cluster in found} == set(HOSTILE)


@pytest.mark.parametrize("branches", [LONG_OR_FOREIGN, COLLIDING], ids=["long or not ascii", "alike once cleaned"])
def test_no_two_branches_share_a_cluster(team: Team, branches: tuple[str, ...]) -> None:
    found = clusters_of(team, *branches)
    assert len({cluster["cluster_name"] for cluster in found}) == len(branches)
    assert len({cluster["custom_tags"]["branch"] for cluster in found}) == len(branches)


@pytest.mark.parametrize("branch", ["feature/$(touch${IFS}pwned)", "feature/$(entraClientSecret)"])
def test_a_name_that_holds_a_macro_is_refused_before_anything_is_done(team: Team, branch: str) -> None:
    team.switch(branch)
    assert team.only_run().outcome == "failed"
    assert "the name of this branch holds a macro; rename the branch" in team.log()
    assert team.view.clusters() == []
