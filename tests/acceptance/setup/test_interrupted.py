"""A run that ends half way leaves nothing that the next one does not finish, and nothing is there twice."""
from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.display.organisation_view import OrganisationView
from sandbox.world.furnish import PRODUCT
from tests.acceptance.setup.engineer import Engineer
from tests.acceptance.setup.interruption import hold, kill_step, wait_until
from tests.acceptance.setup.product import GUARDS, PIPELINES, commits, expect_complete

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("path", ["*/build/Definitions", "*/pipelines/checks/configurations"],
                         ids=["between files and pipelines", "between environment and checks"])
def test_a_killed_step_is_made_good_by_the_next_run(engineer: Engineer, path: str) -> None:
    faults = engineer.world.organisation.faults
    hold(faults, path)
    number = engineer.start()
    wait_until(lambda: not faults.waiting())
    kill_step("setup.create_pipelines", engineer.world.state.folder)
    assert engineer.ended(number).outcome == "failed"
    assert engineer.set_up().outcome == "succeeded"
    assert commits(engineer) == 1
    expect_complete(engineer)


def test_a_cancelled_run_is_made_good_by_the_next_one(engineer: Engineer) -> None:
    faults = engineer.world.organisation.faults
    hold(faults, "*/distributedtask/environments")
    number = engineer.start()
    wait_until(lambda: not faults.waiting())
    engineer.send("PATCH", f"build/builds/{number}", status="cancelling")
    assert engineer.ended(number).outcome == "canceled"
    assert engineer.view.environments(PRODUCT).get(f"{PRODUCT}-prod") is None
    assert engineer.set_up().outcome == "succeeded"
    expect_complete(engineer)


class Sandbox:
    """`python -m sandbox up`, which begins with a run of the set-up pipeline, as a process that can be killed."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.process = subprocess.Popen([sys.executable, "-m", "sandbox", "up", "--state", str(state)], cwd=ROOT,
                                        stdout=subprocess.DEVNULL)

    @property
    def addresses(self) -> dict[str, Any]:
        wait_until((self.state / "addresses.json").is_file)
        data: dict[str, Any] = json.loads((self.state / "addresses.json").read_text(encoding="utf-8"))
        return data

    @property
    def faults(self) -> str:
        return f"{self.addresses['admin']['url']}/faults/azure_devops"

    def view(self) -> OrganisationView:
        place = self.addresses["azure_devops"]
        return OrganisationView(place["url"], place["project"], place["token"])

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        (self.state / "addresses.json").unlink(missing_ok=True)


@pytest.fixture
def sandboxes() -> Iterator[list[Sandbox]]:
    started: list[Sandbox] = []
    yield started
    for one in started:
        one.kill()


def start(sandboxes: list[Sandbox], state: Path) -> Sandbox:
    sandboxes.append(Sandbox(state))
    return sandboxes[-1]


def test_a_sandbox_that_is_killed_finishes_the_set_up_when_it_is_started_again(
        sandboxes: list[Sandbox], tmp_path: Path) -> None:
    first = start(sandboxes, tmp_path / "state")
    held = {"path": "*/pipelines/checks/configurations", "method": "POST", "delay": 30, "status": 503}
    requests.post(first.faults, json=held, timeout=10).raise_for_status()
    wait_until(lambda: requests.get(first.faults, timeout=10).json() == {"faults": []})
    assert first.view().environments(f"{PRODUCT}-") == {f"{PRODUCT}-dev": []}
    first.kill()
    view = start(sandboxes, tmp_path / "state").view()
    wait_until(lambda: view.environments(f"{PRODUCT}-") == GUARDS)
    assert view.pipelines(PRODUCT) == PIPELINES
