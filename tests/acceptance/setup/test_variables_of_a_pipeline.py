"""A member of the product may edit its pipelines: their variables reach every step, and must lead none astray."""
from __future__ import annotations

from pathlib import Path

import pytest
import requests

from sandbox.world.furnish import LISTENER
from sandbox.world.people import ANNA
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


def define(world: World, name: str, value: str) -> None:
    """Anna saves the variable on the page of the pipeline."""
    [pipeline] = [one for one in world.organisation.home.library.pipelines if one.yaml_path == LISTENER]
    url = f"{world.organisation.collection_uri}{world.organisation.home.name}/_apis/build/definitions/{pipeline.id}"
    with requests.Session() as session:
        session.auth = ("", world.credentials.token(f"azure_devops/{ANNA.email}"))
        session.params = {"api-version": "7.1"}
        body = {**session.get(url, timeout=10).json(), "variables": {name: {"value": value}}}
        session.put(url, json=body, timeout=10).raise_for_status()


@pytest.mark.xfail(reason="the agent gives variables of a pipeline to every step, after the step's own 'env'")
def test_a_variable_of_the_pipelines_page_leads_no_step_to_code_of_the_product(
        world: World, recorder: Recorder, tmp_path: Path) -> None:
    set_up(world)
    define(world, "PYTHONPATH", "$(Pipeline.Workspace)/product")
    team = Team(world, recorder, tmp_path)
    team.switch(BRANCH)
    (team.person.folder / "sitecustomize.py").write_text(THIEF, encoding="utf-8")
    team.only_run()
    assert leaks(world) == []
