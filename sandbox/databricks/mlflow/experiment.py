"""One MLflow experiment: an object of the workspace's tree that holds runs."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.databricks.directory import Principal

ACTIVE, DELETED = "active", "deleted"


@dataclass
class Experiment:
    """`name` is its path in the workspace; times in seconds since 1970."""

    experiment_id: str
    name: str
    artifact_location: str
    created: float
    updated: float
    tags: dict[str, str] = field(default_factory=dict)
    lifecycle_stage: str = ACTIVE

    def as_json(self) -> dict[str, Any]:
        return {"experiment_id": self.experiment_id, "name": self.name, "artifact_location": self.artifact_location,
                "lifecycle_stage": self.lifecycle_stage, "creation_time": int(self.created * 1000),
                "last_update_time": int(self.updated * 1000), "tags": rows(self.tags)}


def server_tags(name: str, owner: Principal) -> dict[str, str]:
    """What the service adds of its own accord: https://github.com/databricks/cli/tree/main/libs/testserver."""
    return {"mlflow.ownerId": owner.id, "mlflow.experiment.sourceName": name, "mlflow.ownerEmail": owner.name,
            "mlflow.experimentType": "MLFLOW_EXPERIMENT"}


def rows(tags: dict[str, str]) -> list[dict[str, str]]:
    """Tags or parameters as MLflow writes them."""
    return [{"key": key, "value": value} for key, value in tags.items()]
