"""One run of an experiment: what was logged to it."""
from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from sandbox.databricks.mlflow.experiment import ACTIVE, rows
from sandbox.databricks.replies import without_empty


@dataclass(frozen=True)
class MetricPoint:
    """One logged value; `timestamp` in milliseconds since 1970."""

    run_id: str
    key: str
    value: float
    timestamp: int
    step: int = 0

    @property
    def rank(self) -> tuple[int, int, float]:
        """The highest is the one a run shows."""
        return self.step, self.timestamp, -math.inf if math.isnan(self.value) else self.value

    def as_json(self) -> dict[str, Any]:
        return {"key": self.key, "value": _number(self.value), "timestamp": self.timestamp, "step": self.step}


@dataclass
class TrackedRun:
    """Times in milliseconds since 1970, as clients send them. `metrics` has the last point of each key.

    The points themselves are kept one by one, so that logging one does not mean writing the run again.
    """

    run_id: str
    experiment_id: str
    user: str
    start_time: int
    artifact_uri: str
    run_name: str = ""
    status: str = "RUNNING"
    end_time: int | None = None
    lifecycle_stage: str = ACTIVE
    deleted: float | None = None
    tags: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    datasets: list[dict[str, Any]] = field(default_factory=list)
    models_in: list[dict[str, Any]] = field(default_factory=list)
    models_out: list[dict[str, Any]] = field(default_factory=list)
    metrics: dict[str, MetricPoint] = field(default_factory=dict, init=False)

    def take(self, point: MetricPoint) -> None:
        known = self.metrics.get(point.key)
        if known is None or point.rank >= known.rank:
            self.metrics[point.key] = point

    def info(self) -> dict[str, Any]:
        """`run_uuid` is the older name of the id."""
        end = {"end_time": self.end_time} if self.end_time is not None else {}
        return {"run_id": self.run_id, "run_uuid": self.run_id, "run_name": self.run_name,
                "experiment_id": self.experiment_id, "user_id": self.user, "status": self.status,
                "start_time": self.start_time, **end, "artifact_uri": self.artifact_uri,
                "lifecycle_stage": self.lifecycle_stage}

    def as_json(self) -> dict[str, Any]:
        data = without_empty(metrics=[point.as_json() for point in self.metrics.values()],
                             params=rows(self.parameters), tags=rows(self.tags))
        inputs = without_empty(dataset_inputs=self.datasets, model_inputs=self.models_in)
        outputs = without_empty(model_outputs=self.models_out)
        return {"info": self.info(), "data": data, "inputs": inputs, **without_empty(outputs=outputs)}


def _number(value: float) -> float | str:
    """What JSON has no number for is a word: https://protobuf.dev/programming-guides/json."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value
