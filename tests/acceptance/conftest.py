"""A fresh world for each story, with a product team in it."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.world.world import World
from tests.acceptance.recorder import Recorder
from tests.acceptance.team import BRANCH, Team
from tests.set_up import set_up


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def world(tmp_path: Path, recorder: Recorder) -> Iterator[World]:
    """With one product, set up by the steps themselves."""
    with World(tmp_path / "state", watch=recorder.of, strict=True) as world:
        set_up(world)
        yield world


@pytest.fixture
def team(world: World, recorder: Recorder, tmp_path: Path) -> Team:
    team = Team(world, recorder, tmp_path)
    team.switch(BRANCH)
    return team
