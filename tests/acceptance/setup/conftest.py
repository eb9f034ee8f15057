"""A fresh world for each story, whose product repository is still empty."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.world.world import World
from tests.acceptance.recorder import Recorder
from tests.acceptance.setup.engineer import Engineer


@pytest.fixture
def world(tmp_path: Path, recorder: Recorder) -> Iterator[World]:
    with World(tmp_path / "state", watch=recorder.of, strict=True) as world:
        yield world


@pytest.fixture
def engineer(world: World) -> Engineer:
    return Engineer(world)
