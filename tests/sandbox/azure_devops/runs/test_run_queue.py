from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.azure_devops.projects.library import Pipeline
from sandbox.azure_devops.runs.run_order import RunOrder
from sandbox.azure_devops.runs.run_queue import Run, RunQueue
from sandbox.pipelines.request import Identity, RunResult, StepResult

PIPELINE = Pipeline(1, "listener", "churn", "pipeline.yml")
ANNA = Identity("Anna", "anna@example.com")


class Agents:
    """Executes runs for the queue: each goes on until it is told to end."""

    def __init__(self) -> None:
        self.commits: list[str] = []
        self.started = threading.Semaphore(0)
        self.may_end = threading.Semaphore(0)

    def execute(self, run: Run) -> RunResult:
        self.commits.append(run.order.commit)
        self.started.release()
        if not self.may_end.acquire(timeout=30):
            return RunResult("failed")
        return RunResult("canceled" if run.cancelled.is_set() else "succeeded")


def order(commit: str = "c1", *, ref: str = "refs/heads/x", batch: bool = True) -> RunOrder:
    return RunOrder(PIPELINE, ref, commit, "IndividualCI", ANNA, batch)


@pytest.fixture
def agents() -> Agents:
    return Agents()


@pytest.fixture
def queue(tmp_path: Path, agents: Agents) -> Iterator[RunQueue]:
    queue = RunQueue(tmp_path / "runs", agents.execute)
    yield queue
    for _ in range(10):
        agents.may_end.release()
    queue.stop()


def test_pushes_during_a_run_merge_into_one_batch_of_the_newest(queue: RunQueue, agents: Agents) -> None:
    queue.queue(order("c1"))
    assert agents.started.acquire(timeout=30)
    assert [queue.queue(order(commit)) for commit in ("c2", "c3")] == [None, None]
    agents.may_end.release(2)
    assert queue.wait(30)
    assert agents.commits == ["c1", "c3"]


def test_without_batch_every_push_has_its_run(queue: RunQueue, agents: Agents) -> None:
    for commit in ("c1", "c2", "c3"):
        queue.queue(order(commit, batch=False))
    agents.may_end.release(3)
    assert queue.wait(30)
    assert sorted(agents.commits) == ["c1", "c2", "c3"]


def test_two_branches_run_at_the_same_time(queue: RunQueue, agents: Agents) -> None:
    queue.queue(order(ref="refs/heads/x"))
    queue.queue(order(ref="refs/heads/y"))
    assert agents.started.acquire(timeout=30)
    assert agents.started.acquire(timeout=30)


def test_a_third_run_waits_for_an_agent(queue: RunQueue, agents: Agents) -> None:
    runs = [queue.queue(order(ref=f"refs/heads/{name}")) for name in "xyz"]
    assert agents.started.acquire(timeout=30)
    assert agents.started.acquire(timeout=30)
    assert sorted(run.outcome for run in runs if run) == ["inProgress", "inProgress", "notStarted"]


def test_stop_cancels_what_runs_and_drops_what_waits(queue: RunQueue, agents: Agents) -> None:
    run = queue.queue(order("c1"))
    assert agents.started.acquire(timeout=30)
    queue.queue(order("c2"))
    agents.may_end.release()
    queue.stop()
    assert run is not None
    assert run.outcome == "canceled"
    assert agents.commits == ["c1"]


def test_a_stopped_queue_takes_nothing(queue: RunQueue) -> None:
    queue.stop()
    assert queue.queue(order()) is None


def test_records_say_what_ran_for_whom_and_how_it_ended(tmp_path: Path) -> None:
    result = RunResult("failed", steps=[StepResult("job", "Validate", "failed", 0.5)], log="line\n", error="why")
    queue = RunQueue(tmp_path, lambda _: result)
    queue.queue(order("c1"))
    assert queue.wait(30)
    record = json.loads((tmp_path / "1/result.json").read_text(encoding="utf-8"))
    assert (record["commit"], record["result"], record["error"]) == ("c1", "failed", "why")
    assert record["requested_for"]["email"] == "anna@example.com"
    assert (tmp_path / "1/log.txt").read_text(encoding="utf-8") == "line\n"


def test_artifacts_and_summaries_outlive_the_agents_folders(tmp_path: Path) -> None:
    def execute(run: Run) -> RunResult:
        (run.folder / "work/drop").mkdir(parents=True)
        (run.folder / "work/drop/a.json").write_text("{}", encoding="utf-8")
        (run.folder / "work/page.md").write_text("# Done", encoding="utf-8")
        return RunResult("succeeded", artifacts={"generated": run.folder / "work/drop"},
                         summaries=[run.folder / "work/page.md"])

    queue = RunQueue(tmp_path, execute)
    queue.queue(order())
    assert queue.wait(30)
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()) == [
        "1/artifacts/generated/a.json", "1/log.txt", "1/result.json", "1/summaries/1.md"]


def test_numbers_go_on_after_a_restart(tmp_path: Path) -> None:
    (tmp_path / "7").mkdir()
    run = RunQueue(tmp_path, lambda _: RunResult("succeeded")).queue(order())
    assert run is not None
    assert run.id == 8
