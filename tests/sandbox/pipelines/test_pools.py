from __future__ import annotations

import threading
from pathlib import Path

import pytest

from sandbox.pipelines.request import StageEntry, Tell
from tests.sandbox.pipelines.running import run


class Gate:
    """Lets nobody in, and remembers which pools were asked for."""

    def __init__(self) -> None:
        self.pools: list[tuple[str, ...]] = []

    def enter(self, entry: StageEntry, _: threading.Event, __: Tell) -> str:
        self.pools.append(tuple(entry.queues))
        return "failed"

    def leave(self, _: StageEntry) -> None:
        """Nobody was let in."""


DEPLOYMENT = """
    pool: outer
    jobs:
    - deployment: d
      environment: dev
      strategy:
        runOnce:
          deploy: {pool: {name: inner}, steps: []}
          on: {failure: {pool: last, steps: []}}
    """
ASKED = [
    pytest.param("steps: [{checkout: none}]", ("Azure Pipelines",), id="nowhere"),
    pytest.param("pool: {vmImage: ubuntu-latest}\nsteps: [{checkout: none}]", ("Azure Pipelines",), id="image"),
    pytest.param("pool: mine\nsteps: [{checkout: none}]", ("mine",), id="pipeline"),
    pytest.param("pool: mine\njobs: [{job: a, pool: {name: own}}, {job: b}]", ("own", "mine"), id="job"),
    pytest.param("stages: [{stage: a, pool: of-stage, jobs: [{job: a}]}]", ("of-stage",), id="stage"),
    pytest.param("variables: {where: x}\npool: mine-$(where)\nsteps: [{checkout: none}]", ("mine-x",), id="variable"),
    pytest.param("jobs: [{job: a, pool: server, steps: []}]", (), id="server"),
    pytest.param(DEPLOYMENT, ("outer", "inner", "last"), id="hooks"),
]


@pytest.mark.parametrize(("text", "pools"), ASKED)
def test_stage_asks_for_the_pools_of_its_jobs(tmp_path: Path, text: str, pools: tuple[str, ...]) -> None:
    gate = Gate()
    run(tmp_path, text, stage_gate=gate)
    assert gate.pools == [pools]


def test_pool_that_a_pipeline_may_not_use_stops_it(tmp_path: Path) -> None:
    result = run(tmp_path, "pool: Vault\nsteps: [{checkout: none}]", queues=["Azure Pipelines"])
    assert "Could not find a pool with name Vault. The pool does not exist or has not been authorized" in (
        result.error or "")
    assert run(tmp_path, "pool: VAULT\nsteps: [{checkout: none}]", queues=["vault"]).result == "succeeded"
