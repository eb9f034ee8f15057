"""Registered models and their versions, of either registry."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.databricks.mlflow.experiment import rows
from sandbox.databricks.replies import without_empty

NO_STAGE, STAGING, PRODUCTION, ARCHIVED = "None", "Staging", "Production", "Archived"
PENDING, READY, FAILED = "PENDING_REGISTRATION", "READY", "FAILED_REGISTRATION"


@dataclass
class RegisteredModel:
    """Times in seconds since 1970. `aliases` tell which version each stands for; no version's number comes twice.

    `grants` are the privileges of principals by their names: those of models in Unity Catalog.
    """

    model_id: str
    name: str
    user: str
    created: float
    updated: float
    description: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, int] = field(default_factory=dict)
    last_version: int = 0
    grants: dict[str, list[str]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """What both registries tell of it."""
        aliases = [{"alias": alias, "version": str(version)} for alias, version in self.aliases.items()]
        return {"name": self.name, "creation_timestamp": int(self.created * 1000),
                "last_updated_timestamp": int(self.updated * 1000), "user_id": self.user,
                **without_empty(description=self.description, tags=rows(self.tags), aliases=aliases)}


@dataclass
class ModelVersion:
    """`ready` is the moment from which it can be used, None as long as somebody has yet to say so.

    `folder` is where its files lie in the storage, empty where the registry has no copy of them. `tracking_server` is
    the id of the workspace of its run.
    """

    model_id: str
    version: int
    user: str
    created: float
    updated: float
    source: str
    ready: float | None
    folder: str = ""
    stage: str = NO_STAGE
    description: str = ""
    run_id: str = ""
    run_link: str = ""
    tracking_server: str = ""
    failure: str = ""
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.model_id}/{self.version}"

    def status(self, now: float) -> str:
        if self.ready is None or now < self.ready:
            return PENDING
        return FAILED if self.failure else READY

    def as_json(self, model: RegisteredModel, now: float, status: str = "") -> dict[str, Any]:
        """What both registries tell of it; `status` only where another one than that of `now` is to be shown."""
        status = status or self.status(now)
        optional = without_empty(description=self.description, run_id=self.run_id, tags=rows(self.tags),
                                 status_message=self.failure if status == FAILED else "")
        return {"name": model.name, "version": str(self.version), "creation_timestamp": int(self.created * 1000),
                "last_updated_timestamp": int(self.updated * 1000), "user_id": self.user, "source": self.source,
                "status": status, **optional}
