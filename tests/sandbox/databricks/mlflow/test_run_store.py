"""Runs and their metrics over a start."""
from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sandbox.databricks.memory import Memory
from sandbox.databricks.mlflow.run import MetricPoint, TrackedRun
from sandbox.databricks.mlflow.run_store import RunStore
from sandbox.storage import StorageError

POINTS = [MetricPoint("r", "loss", 0.5, 1), MetricPoint("r", "loss", 0.25, 2)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "state.sqlite"
    memory = Memory(file)
    store = RunStore(memory)
    with memory.lock:
        store.put(TrackedRun("r", "e", "anna", 1, "dbfs:/r"))
        for point in POINTS:
            store.log(point)
    memory.close()
    return file


@pytest.fixture
def memory(file: Path) -> Iterator[Memory]:
    """Of a second start."""
    made = Memory(file)
    yield made
    made.close()


def test_points_are_read_when_a_run_is_asked_for_and_not_before(file: Path, memory: Memory) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE records SET value = '{}' WHERE kind = 'mlflow_metric'")
    store = RunStore(memory)
    with pytest.raises(StorageError, match="a mlflow_metric is not as this version writes it"):
        store.find("r")


@pytest.mark.parametrize("ask", [
    pytest.param(lambda store: store.find("r").metrics["loss"], id="run"),
    pytest.param(lambda store: store.of("e")[0].metrics["loss"], id="runs of an experiment"),
    pytest.param(lambda store: store.history("r", "loss")[-1], id="history")])
def test_whoever_asks_first_knows_the_points_of_the_last_start(memory: Memory,
                                                               ask: Callable[[RunStore], MetricPoint]) -> None:
    assert ask(RunStore(memory)) == POINTS[-1]


def test_point_that_is_logged_first_follows_those_of_the_last_start(memory: Memory) -> None:
    store, third = RunStore(memory), MetricPoint("r", "loss", 0.1, 3)
    with memory.lock:
        store.log(third)
    assert store.history("r", "loss") == [*POINTS, third]
