"""Variables of a pipeline's page reach every step, so members of the product must not edit its pipelines."""
from __future__ import annotations

from pathlib import Path

import requests

from sandbox.pipelines.request import Identity
from sandbox.world.furnish import LISTENER
from sandbox.world.people import ANNA, PLATFORM
from sandbox.world.world import World
from tests.acceptance.recorder import Recorder
from tests.acceptance.setup.leaks import leaks
from tests.acceptance.team import BRANCH, Team
from tests.set_up import set_up

THIEF = """import os, pathlib
got = os.environ.get("ENTRA_CLIENT_SECRET", "")
if got and "$(" not in got:
    (pathlib.Path(os.environ["HOME"]) / "stolen").write_text(got)
"""


def define(world: World, person: Identity, name: str, value: str) -> int:
    """The status of `person` saving the variable on the page of the pipeline."""
    [pipeline] = [one for one in world.organisation.home.library.pipelines if one.yaml_path == LISTENER]
    url = f"{world.organisation.collection_uri}{world.organisation.home.name}/_apis/build/definitions/{pipeline.id}"
    with requests.Session() as session:
        session.auth = ("", world.credentials.token(f"azure_devops/{person.email}"))
        session.params = {"api-version": "7.1"}
        body = {**session.get(url, timeout=10).json(), "variables": {name: {"value": value}}}
        return session.put(url, json=body, timeout=10).status_code


def test_a_member_cannot_give_the_pipeline_a_variable_and_it_still_serves_her(
        world: World, recorder: Recorder, tmp_path: Path) -> None:
    set_up(world)
    assert define(world, ANNA, "PYTHONPATH", "$(Pipeline.Workspace)/product") == 403
    team = Team(world, recorder, tmp_path)
    team.switch(BRANCH)
    (team.person.folder / "sitecustomize.py").write_text(THIEF, encoding="utf-8")
    assert team.only_run().outcome == "succeeded"
    assert leaks(world) == []


def test_were_it_not_closed_such_a_variable_would_give_the_secret_away(
        world: World, recorder: Recorder, tmp_path: Path) -> None:
    """What the permission is for: an administrator may save what a member may not."""
    set_up(world)
    assert define(world, PLATFORM, "PYTHONPATH", "$(Pipeline.Workspace)/product") == 200
    team = Team(world, recorder, tmp_path)
    team.switch(BRANCH)
    (team.person.folder / "sitecustomize.py").write_text(THIEF, encoding="utf-8")
    team.only_run()
    assert leaks(world) != []
