from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.azure_devops.projects.library import Pipeline
from sandbox.azure_devops.runs.run_history import RunHistory, order_data, record_of
from sandbox.azure_devops.runs.run_order import PullRequestFacts, RunOrder
from sandbox.azure_devops.runs.run_queue import RunQueue
from sandbox.clock import FakeClock
from sandbox.pipelines.request import Identity, RunResult, Variable

PIPELINE = Pipeline(7, "listener", "churn", "pipeline.yml", project="p", revision=3)
ANNA = Identity("Anna", "anna@example.com")


def keep(folder: Path, number: int, file: str = "result.json", **data: Any) -> None:
    (folder / str(number)).mkdir(exist_ok=True)
    (folder / str(number) / file).write_text(json.dumps(data), encoding="utf-8")


def test_an_order_says_everything_but_secrets(tmp_path: Path) -> None:
    order = RunOrder(PIPELINE, "refs/pull/4/merge", "c1", "PullRequest", ANNA,
                     variables={"open": Variable("1"), "hidden": Variable("s3cret", secret=True)},
                     pull_request=PullRequestFacts(4, "refs/heads/x", "refs/heads/main"))
    data = order_data(9, order)
    assert "s3cret" not in json.dumps(data)
    record = record_of(data, tmp_path / "9")
    assert (record.definition, record.revision, record.variables, record.pull_request["id"]) == (7, 3, {"open": "1"}, 4)


def test_a_record_of_an_earlier_version_has_its_defaults(tmp_path: Path) -> None:
    keep(tmp_path, 3, id=3, pipeline="listener", ref="refs/heads/x", result="failed", requested_for={"email": "a@b.c"})
    record = RunHistory(tmp_path).get(3)
    assert record is not None
    assert (record.id, record.result, record.definition) == (3, "failed", 0)
    assert record.requested_for == Identity("", "a@b.c")


def test_a_run_that_has_not_ended_is_known_by_its_order(tmp_path: Path) -> None:
    keep(tmp_path, 1, "order.json", id=1, pipeline="listener", state="notStarted")
    record = RunHistory(tmp_path).get(1)
    assert record is not None
    assert (record.pipeline, record.is_completed) == ("listener", False)


@pytest.mark.parametrize("number", [1, 2, 3], ids=["empty folder", "no folder", "broken file"])
def test_what_has_no_record_is_no_run(tmp_path: Path, number: int) -> None:
    (tmp_path / "1").mkdir()
    (tmp_path / "3").mkdir()
    (tmp_path / "3/result.json").write_text("{", encoding="utf-8")
    assert RunHistory(tmp_path).get(number) is None


def test_no_two_runs_have_the_same_time(tmp_path: Path) -> None:
    queue = RunQueue(tmp_path, lambda _: RunResult("succeeded"), clock=FakeClock(1000.0))
    for _ in range(3):
        queue.queue(RunOrder(PIPELINE, "refs/heads/x", "c1", "Manual", ANNA))
    assert queue.wait(30)
    times = [one.queued for one in queue.records()]
    assert (sorted(set(times), reverse=True), times[-1]) == (times, 1000.0)


def test_a_run_tells_when_it_began_and_ended(tmp_path: Path) -> None:
    clock = FakeClock(1000.0)

    def execute(_: object) -> RunResult:
        clock.advance(5)
        return RunResult("succeeded")

    queue = RunQueue(tmp_path, execute, clock=clock)
    queue.queue(RunOrder(PIPELINE, "refs/heads/x", "c1", "Manual", ANNA))
    assert queue.wait(30)
    for record in (queue.record(1), RunHistory(tmp_path).get(1)):
        assert record is not None
        assert (record.started, record.finished, record.state) == (1000.0, 1005.0, "completed")


def test_cancelling_a_run_that_has_ended_changes_nothing(tmp_path: Path) -> None:
    queue = RunQueue(tmp_path, lambda _: RunResult("succeeded"))
    run = queue.queue(RunOrder(PIPELINE, "refs/heads/x", "c1", "Manual", ANNA))
    assert queue.wait(30)
    queue.cancel(1)
    queue.cancel(99)
    assert run is not None
    assert not run.cancelled.is_set()
