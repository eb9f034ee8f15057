"""A name that people type reaches every step as data, whatever is in it."""
from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from sandbox.world.furnish import PRODUCT
from sandbox.world.world import World
from tests.acceptance.recorder import Recorder
from tests.acceptance.setup.engineer import Engineer
from tests.acceptance.team import BRANCH, Team
from tests.set_up import set_up

HOSTILE = "it's \"quoted\"/`id`; ##vso[task.setvariable variable=PATH]/tmp & größe-数据 " + "x" * 130


def test_a_name_that_nobody_can_have_reaches_the_steps_as_data(engineer: Engineer) -> None:
    engineer.forget()
    run = engineer.set_up(HOSTILE)
    assert run.outcome == "failed"
    assert "not found, or hidden from this identity" in run.errors
    assert "##vso[task.setvariable" not in run.log
    assert engineer.writes() == []


@pytest.mark.parametrize("chosen", [
    {"product": "$(entraClientSecret)"}, {"product": "$(System.AccessToken)"},
    {"product": PRODUCT, "remoteProject": "$(entraClientSecret)"},
], ids=["secret", "token", "project"])
def test_a_macro_as_name_is_refused_and_shows_nothing(engineer: Engineer, chosen: Mapping[str, str]) -> None:
    engineer.forget()
    run = engineer.set_up(**chosen)
    assert run.outcome == "failed"
    assert "a name holds a macro" in run.errors
    assert engineer.world.principals["setup"].client_secret not in run.log
    assert engineer.writes() == []


@pytest.mark.parametrize("name", ["o'brien & söhne", "数据 (new)", "x" * 64])
def test_a_product_of_an_odd_name_gets_its_cluster(
        world: World, recorder: Recorder, tmp_path: Path, name: str) -> None:
    world.organisation.home.create_repository(name)
    set_up(world, name)
    team = Team(world, recorder, tmp_path, product=name)
    team.switch(BRANCH)
    assert team.only_run().outcome == "succeeded", team.log()
    assert "(RUNNING, " in team.cluster()
