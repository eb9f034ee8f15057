"""One trace: what somebody's code did, in an experiment, with its spans in a file of the storage."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.databricks.memory import Memory
from sandbox.databricks.mlflow.artifacts.artifact_files import TRACKING
from sandbox.databricks.mlflow.experiment import rows

IN_PROGRESS = "IN_PROGRESS"
_LOCATION = "mlflow.artifactLocation"


@dataclass
class Trace:
    """Times in milliseconds since 1970, as its client tells them."""

    request_id: str
    experiment_id: str
    timestamp_ms: int
    metadata: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    status: str = IN_PROGRESS
    execution_time_ms: int | None = None

    @property
    def folder(self) -> str:
        """Where its spans lie in the storage, whatever its tags say."""
        return f"{TRACKING.removeprefix('dbfs:/')}{self.experiment_id}/{self.request_id}/artifacts"

    def as_json(self) -> dict[str, Any]:
        """Clients look for the spans where a tag says."""
        time = {} if self.execution_time_ms is None else {"execution_time_ms": self.execution_time_ms}
        tags = {**self.tags, _LOCATION: f"dbfs:/{self.folder}"}
        return {"request_id": self.request_id, "experiment_id": self.experiment_id, "timestamp_ms": self.timestamp_ms,
                **time, "status": self.status, "request_metadata": rows(self.metadata), "tags": rows(tags)}


class Traces:
    """Found by id and by experiment."""

    def __init__(self, memory: Memory) -> None:
        self._traces = memory.collection("mlflow_trace", Trace)
        self._by_experiment = self._traces.index(lambda trace: [trace.experiment_id])

    def find(self, request_id: str) -> Trace | None:
        return self._traces.get(request_id)

    def of(self, experiment_id: str) -> list[Trace]:
        """Oldest first."""
        return self._by_experiment.of(experiment_id)

    def put(self, trace: Trace) -> None:
        self._traces[trace.request_id] = trace

    def remove(self, trace: Trace) -> None:
        del self._traces[trace.request_id]
