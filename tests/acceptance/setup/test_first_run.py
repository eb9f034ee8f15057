"""An empty repository becomes self-service in one run; the next one finds nothing to do."""
from __future__ import annotations

from pathlib import Path

from sandbox.world.world import World
from tests.acceptance.recorder import Recorder
from tests.acceptance.setup.engineer import Engineer
from tests.acceptance.setup.product import commits, expect_complete
from tests.conftest import Golden

GOLDEN = Path(__file__).parent / "golden"


def test_first_run_sets_up_and_second_run_only_says_so(
        engineer: Engineer, world: World, recorder: Recorder, golden: Golden) -> None:
    first = engineer.set_up()
    golden(GOLDEN / "first_run_log.txt", recorder.text(world))
    golden(GOLDEN / "first_run_summary.md", first.summary)
    assert "POST .../pushes" in engineer.writes()
    recorder.lines.clear()
    engineer.forget()
    second = engineer.set_up()
    golden(GOLDEN / "second_run_log.txt", recorder.text(world))
    golden(GOLDEN / "second_run_summary.md", second.summary)
    assert engineer.writes() == []
    assert commits(engineer) == 1
    expect_complete(engineer)
