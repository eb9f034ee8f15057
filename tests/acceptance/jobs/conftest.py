from __future__ import annotations

import pytest

from sandbox.world.world import World
from tests.acceptance.jobs.deployer import Deployer
from tests.acceptance.team import Team


@pytest.fixture
def deployer(world: World, team: Team) -> Deployer:
    return Deployer(world, team)
