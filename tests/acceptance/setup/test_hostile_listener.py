"""Whoever may push to a product changes the YAML that runs there; the credentials stay out of reach all the same."""
from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.azure_devops.runs.run_queue import Run
from sandbox.world.furnish import LISTENER
from sandbox.world.people import ANNA
from sandbox.world.project_files import release_tag
from sandbox.world.world import World
from tests.acceptance.recorder import Recorder
from tests.acceptance.setup.engineer import Engineer
from tests.acceptance.setup.leaks import leaks
from tests.acceptance.team import BRANCH, Team
from tests.set_up import set_up

HERE = "trigger: {branches: {include: ['*']}}\n"
# Written to a file too, for a log would mask it.
STEAL = ("{bash: 'printf %s \"$STOLEN\" | tee \"$AGENT_HOMEDIRECTORY/../stolen\" \"$HOME/stolen\" | rev', "
         "env: {STOLEN: $(entraClientSecret)}}")
JOB = f"{{job: steal, pool: {{vmImage: ubuntu-latest}}, steps: [{STEAL}]}}"
GROUP = "variables: [{group: brickline-local}]\n"
LIBRARY = "resources: {{repositories: [{{repository: cicd, type: git, name: '{name}', ref: '{ref}'}}]}}\n"
OURS = "extends: {template: pipelines/pipeline_cluster_config.yml@cicd}\n"
LOOKALIKE = f"{GROUP}jobs: [{JOB}]\n"
TAG = f"refs/tags/{release_tag()}"


@pytest.fixture
def team(world: World, recorder: Recorder, tmp_path: Path) -> Team:
    set_up(world)
    team = Team(world, recorder, tmp_path)
    team.switch("feature/curious")
    return team


def push_listener(team: Team, text: str, **files: str) -> Run:
    (team.person.folder / LISTENER).write_text(HERE + text, encoding="utf-8")
    for path, content in files.items():
        (team.person.folder / f"{path}.yml").write_text(content, encoding="utf-8")
    [run] = team.push("A listener of my own")
    return run


HOSTILE = [
    pytest.param(GROUP + f"jobs: [{JOB}]\n", id="no extends"),
    pytest.param(f"stages: [{{stage: a, {GROUP.strip()}, jobs: [{JOB}]}}]\n", id="group of a stage"),
    pytest.param(f"jobs: [{{job: a, {GROUP.strip()}, steps: [{STEAL}]}}]\n", id="group of a job"),
    pytest.param("extends: {template: /pipelines/pipeline_cluster_config.yml}\n", id="look-alike of its own"),
    pytest.param(LIBRARY.format(name="analytics/churn", ref="refs/heads/feature/curious") + OURS,
                 id="look-alike as cicd"),
    pytest.param(LIBRARY.format(name="analytics/cicd", ref="refs/heads/main") + OURS, id="branch in place of a tag"),
    pytest.param(LIBRARY.format(name="analytics/cicd", ref="refs/tags/mine") + OURS, id="tag of its own"),
    pytest.param(LIBRARY.format(name="analytics/cicd", ref=TAG)
                 + "extends: {template: pipelines/steps/run_step.yml@cicd}\n", id="private template"),
    pytest.param(LIBRARY.format(name="analytics/cicd", ref=TAG) + GROUP
                 + f"jobs: [{JOB}, {{template: pipelines/pipeline_cluster_config.yml@cicd}}]\n", id="job before ours"),
    pytest.param(LIBRARY.format(name="analytics/cicd", ref=TAG) + f"jobs: [{JOB}]\n" + OURS, id="job beside extends"),
    pytest.param("variables: [{group: brickline-prod}]\n" + f"jobs: [{JOB}]\n", id="credential of production"),
    pytest.param("variables: [{group: brickline-setup}]\n" + f"jobs: [{JOB}]\n", id="credential of the set-up"),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_listener_gets_nothing(team: Team, world: World, text: str) -> None:
    cicd = world.organisation.home.repositories["cicd"]
    cicd.point("refs/tags/mine", cicd.refs()["refs/heads/main"])
    path = team.person.folder / "pipelines/pipeline_cluster_config.yml"
    path.parent.mkdir()
    path.write_text(LOOKALIKE, encoding="utf-8")
    run = push_listener(team, text)
    assert run.outcome == "failed"
    assert leaks(world) == []
    assert team.writes() == []


def test_the_listener_of_another_branch_still_works(team: Team, world: World) -> None:
    assert push_listener(team, LOOKALIKE).outcome == "failed"
    team.person.git("checkout", "-q", "main")
    team.switch(BRANCH)
    assert team.only_run().outcome == "succeeded"
    assert leaks(world) == []


def test_no_page_of_a_run_shows_a_secret(team: Team, world: World) -> None:
    engineer = Engineer(world)
    runs = [push_listener(team, LOOKALIKE)]
    for run in runs:
        build = f"build/builds/{run.id}"
        pages = [engineer.send("GET", f"{build}{page}", ANNA) for page in ("", "/Timeline", "/logs", "/artifacts")]
        assert not [page for page in pages if world.principals["local"].client_secret in str(page)]


def test_a_thief_that_the_checks_let_through_would_be_noticed(team: Team, world: World) -> None:
    """The stories above can fail: without the check of the group, the same listener gets the secret."""
    library, protection = world.organisation.home.library, world.organisation.checkpoint.protection
    resource = library.resource("variablegroup", "brickline-local")
    assert resource is not None
    protection.records.forget(resource)
    run = push_listener(team, LOOKALIKE)
    assert run.outcome == "succeeded"
    assert leaks(world) != []
