from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.pipelines.request import ExtendedTemplate, StageEntry, Tell, Variable
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

    def enter(self, entry: StageEntry, canceled: threading.Event, tell: Tell) -> str:
        assert not canceled.is_set()
        tell(f"asked for {entry.stage}")
        self.seen.append(entry)
        return self.answer if entry.environments else "succeeded"

    def leave(self, entry: StageEntry) -> None:
        self.seen.append(f"left {entry.stage}")


ANSWERS = [("succeeded", "succeeded", ["built", "deployed", "after"]), ("failed", "failed", ["built"]),
           ("skipped", "succeeded", ["built"])]


@pytest.mark.parametrize(("answer", "ending", "said"), ANSWERS)
def test_a_stage_begins_only_when_its_checks_let_it(tmp_path: Path, answer: str, ending: str, said: list[str]) -> None:
    result = run(tmp_path, TEXT, stage_gate=Gate(answer), variable_groups=GROUPS)
    assert [line for line in lines(result) if not line.startswith(("Downloaded", "asked"))] == said
    assert result.stages["deploy"] == answer
    assert result.result == ending


def test_the_gate_knows_what_the_stage_uses(tmp_path: Path) -> None:
    gate = Gate("failed")
    run(tmp_path, TEXT, stage_gate=gate, variable_groups=GROUPS)
    found = [replace(one, sources=(), queues=()) if isinstance(one, StageEntry) else one for one in gate.seen]
    assert found == [
        StageEntry("build", (), ("root",), ""), "left build",
        StageEntry("deploy", ("product-dev",), ("root", "own"), "sequential", has_lock=True),
    ]


def test_what_the_gate_says_is_in_the_log_before_the_stage(tmp_path: Path) -> None:
    said = lines(run(tmp_path, TEXT, stage_gate=Gate("succeeded"), variable_groups=GROUPS))
    assert said.index("asked for deploy") == said.index("deployed") - 2


@pytest.mark.parametrize("where", ["of-stage", "of-job", "of-group"])
def test_the_name_of_an_environment_takes_no_variable_of_a_stage_a_job_or_a_group(tmp_path: Path, where: str) -> None:
    gate = Gate("failed")
    run(tmp_path, f"""
        variables: [{{group: shared}}]
        stages:
        - stage: deploy
          variables: {{of-stage: x}}
          jobs:
          - deployment: d
            variables: {{of-job: x}}
            environment: product-$({where})
            strategy: {{runOnce: {{deploy: {{steps: []}}}}}}
        """, stage_gate=gate, variable_groups={"shared": {"of-group": Variable("x")}})
    assert [entry.environments for entry in gate.seen if isinstance(entry, StageEntry)] == [(f"product-$({where})",)]


EXTENDS = [
    pytest.param("extends: {template: base.yml}", ["base.yml", "deep/root.yml"], id="chain"),
    pytest.param("extends: {template: /deep/root.yml@self}", ["deep/root.yml"], id="with alias"),
    pytest.param("extends: {template: \"${{ 'base.yml' }}\"}", [], id="computed"),
    pytest.param("${{ if true }}:\n  extends: {template: base.yml}", [], id="decided"),
    pytest.param("stages:\n- template: stages.yml", [], id="included"),
]


@pytest.mark.parametrize(("text", "paths"), EXTENDS)
def test_the_gate_knows_which_templates_a_pipeline_is_built_on(tmp_path: Path, text: str, paths: list[str]) -> None:
    stages = "stages: [{stage: a, jobs: [{deployment: d, environment: e, strategy: {runOnce: {}}}]}]"
    files = {"base.yml": "extends: {template: deep/root.yml}", "deep/root.yml": stages, "stages.yml": stages}
    gate = Gate("failed")
    run(tmp_path, text, stage_gate=gate, files=files)
    assert [entry.extends for entry in gate.seen if isinstance(entry, StageEntry)] == [
        tuple(ExtendedTemplate("product", "refs/heads/main", path) for path in paths)]


def test_a_deployment_to_an_unknown_environment_stops_the_run_before_any_step(tmp_path: Path) -> None:
    result = run(tmp_path, TEXT, variable_groups=GROUPS, environments=["product-test"])
    assert result.error is not None
    assert "(Line: 9, Col: 5): Job d: Environment product-dev could not be found" in result.error
    assert result.steps == []


def test_environments_are_known_in_any_case(tmp_path: Path) -> None:
    assert run(tmp_path, TEXT, variable_groups=GROUPS, environments=["Product-DEV"]).result == "succeeded"
