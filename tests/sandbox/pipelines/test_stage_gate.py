from __future__ import annotations

import threading
from pathlib import Path

import pytest

from sandbox.pipelines.request import StageEntry, Variable
from tests.sandbox.pipelines.running import lines, run

TEXT = """
    variables: [{group: root}, {name: where, value: dev}]
    stages:
    - stage: build
      jobs: [{job: a, steps: [{bash: echo built}]}]
    - stage: deploy
      lockBehavior: sequential
      jobs:
      - deployment: d
        environment: product-$(where)
        variables: [{group: own}]
        strategy: {runOnce: {deploy: {steps: [{bash: echo deployed}]}}}
    - stage: after
      jobs: [{job: c, steps: [{bash: echo after}]}]
    """
GROUPS: dict[str, dict[str, Variable]] = {"root": {}, "own": {}}


class Gate:
    """Answers at once, and remembers who came and who left."""

    def __init__(self, answer: str) -> None:
        self.answer = answer
        self.seen: list[StageEntry | str] = []

    def enter(self, entry: StageEntry, canceled: threading.Event) -> str:
        assert not canceled.is_set()
        self.seen.append(entry)
        return self.answer if entry.environments else "succeeded"

    def leave(self, entry: StageEntry) -> None:
        self.seen.append(f"left {entry.stage}")


ANSWERS = [("succeeded", "succeeded", ["built", "deployed", "after"]), ("failed", "failed", ["built"]),
           ("skipped", "succeeded", ["built"])]


@pytest.mark.parametrize(("answer", "ending", "said"), ANSWERS)
def test_a_stage_begins_only_when_its_checks_let_it(tmp_path: Path, answer: str, ending: str, said: list[str]) -> None:
    result = run(tmp_path, TEXT, stage_gate=Gate(answer), variable_groups=GROUPS)
    assert [line for line in lines(result) if not line.startswith("Downloaded")] == said
    assert result.stages["deploy"] == answer
    assert result.result == ending


def test_the_gate_knows_what_the_stage_uses(tmp_path: Path) -> None:
    gate = Gate("failed")
    run(tmp_path, TEXT, stage_gate=gate, variable_groups=GROUPS)
    assert gate.seen == [
        StageEntry("build", (), ("root",), ""), "left build",
        StageEntry("deploy", ("product-dev",), ("root", "own"), "sequential"),
    ]
