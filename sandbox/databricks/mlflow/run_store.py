"""The runs of all experiments, found by id and by experiment, and the history of their metrics."""
from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from sandbox.databricks.memory import Memory
from sandbox.databricks.mlflow.run import MetricPoint, TrackedRun

_History: TypeAlias = "dict[tuple[str, str], list[MetricPoint]]"
"""By run and key."""


class RunStore:
    """Each point of a metric is a record of its own: one more costs the same however many there are.

    They are read when a run is first asked for, and anew where some could not be written.
    """

    def __init__(self, memory: Memory) -> None:
        self._runs = memory.collection("mlflow_run", TrackedRun)
        self._by_experiment = self._runs.index(lambda run: [run.experiment_id])
        self._points = memory.collection("mlflow_metric", MetricPoint)
        self._history: _History | None = None
        memory.when_taken_back(self._forget_history)

    def __len__(self) -> int:
        return len(self._runs)

    def find(self, run_id: str) -> TrackedRun | None:
        self._read_history()
        return self._runs.get(run_id)

    def of(self, experiment_id: str) -> list[TrackedRun]:
        """Oldest first."""
        self._read_history()
        return self._by_experiment.of(experiment_id)

    def put(self, run: TrackedRun) -> None:
        self._runs[run.run_id] = run

    def log(self, point: MetricPoint) -> None:
        number = len(self.history(point.run_id, point.key))
        self._points[f"{point.run_id}/{point.key}/{number}"] = point
        self._remember(point, self._read_history())

    def history(self, run_id: str, key: str) -> Sequence[MetricPoint]:
        """In the order they were logged. Not to be changed."""
        return self._read_history().get((run_id, key), ())

    def _read_history(self) -> _History:
        if self._history is None:
            read: _History = {}
            for run in self._runs.values():
                run.metrics.clear()
            for point in self._points.values():
                self._remember(point, read)
            self._history = read
        return self._history

    def _forget_history(self) -> None:
        self._history = None

    def _remember(self, point: MetricPoint, history: _History) -> None:
        history.setdefault((point.run_id, point.key), []).append(point)
        run = self._runs.get(point.run_id)
        if run is not None:
            run.take(point)
