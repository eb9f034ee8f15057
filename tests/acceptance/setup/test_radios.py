"""Each of the two radio choices alone, and both skipped."""
from __future__ import annotations

from pathlib import Path

from sandbox.world.furnish import LISTENER, PRODUCT
from sandbox.world.world import World
from tests.acceptance.recorder import Recorder
from tests.acceptance.setup.engineer import Engineer
from tests.acceptance.setup.product import expect_complete
from tests.acceptance.team import BRANCH, Team
from tests.conftest import Golden
from tests.set_up import set_up

GOLDEN = Path(__file__).parent / "golden"
COPY_ONLY = {"createPipelines": "skip"}
CREATE_ONLY = {"copyFiles": "skip"}


def test_files_alone_are_copied_and_the_pipelines_come_later(engineer: Engineer) -> None:
    assert engineer.set_up(**COPY_ONLY).outcome == "succeeded"
    assert LISTENER in engineer.view.files(PRODUCT)
    assert engineer.view.pipelines(PRODUCT) == {}
    assert engineer.view.environments(PRODUCT) == {}
    assert engineer.set_up(**CREATE_ONLY).outcome == "succeeded"
    expect_complete(engineer)


def test_pipelines_before_their_files_say_what_is_missing_and_work_once_it_is_there(
        engineer: Engineer, world: World, recorder: Recorder, tmp_path: Path, golden: Golden) -> None:
    made = engineer.set_up(**CREATE_ONLY)
    golden(GOLDEN / "pipelines_alone_log.txt", recorder.text(world))
    assert made.outcome == "succeeded"
    assert world.organisation.home.repositories[PRODUCT].refs() == {}
    set_up(world)
    expect_complete(engineer)
    team = Team(world, recorder, tmp_path)
    team.switch(BRANCH)
    assert team.only_run().outcome == "succeeded"


def test_a_run_that_was_asked_for_nothing_says_so(engineer: Engineer) -> None:
    engineer.forget()
    run = engineer.set_up(copyFiles="skip", createPipelines="skip")
    assert run.outcome == "succeeded"
    assert "neither files nor pipelines were chosen, so this run changes nothing" in run.log
    assert engineer.writes() == []
