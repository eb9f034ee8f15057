"""What people say about versions of models: requests to move one to another stage, and comments."""
from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sandbox.databricks.memory import Memory
from sandbox.databricks.registry.model import ModelVersion
from sandbox.databricks.replies import without_empty

REQUESTED = "REQUESTED_TRANSITION"
COMMENTED = "NEW_COMMENT"


@dataclass
class Activity:
    """`kind` is one of the service's activity types; times in seconds since 1970."""

    activity_id: str
    version_key: str
    kind: str
    user: str
    created: float
    updated: float
    comment: str = ""
    from_stage: str = ""
    to_stage: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"id": self.activity_id, "activity_type": self.kind, "user_id": self.user,
                "creation_timestamp": int(self.created * 1000), "last_updated_timestamp": int(self.updated * 1000),
                **without_empty(comment=self.comment, from_stage=self.from_stage, to_stage=self.to_stage)}


class Activities:
    """Only what is open is kept: a request until it is decided, a comment until it is deleted."""

    def __init__(self, memory: Memory) -> None:
        self._activities = memory.collection("registry_activity", Activity)
        self._by_version = self._activities.index(lambda activity: [activity.version_key])

    def find(self, activity_id: str) -> Activity | None:
        return self._activities.get(activity_id)

    def add(self, version: ModelVersion, kind: str, user: str, now: float) -> Activity:
        activity = Activity(uuid.uuid4().hex, version.key, kind, user, now, now)
        self.put(activity, now)
        return activity

    def put(self, activity: Activity, now: float) -> None:
        activity.updated = now
        self._activities[activity.activity_id] = activity

    def remove(self, activity: Activity) -> None:
        del self._activities[activity.activity_id]

    def requests(self, version: ModelVersion) -> list[Activity]:
        """Oldest first."""
        return [one for one in self._by_version.of(version.key) if one.kind == REQUESTED]

    def forget(self, version: ModelVersion) -> None:
        for one in self._by_version.of(version.key):
            self.remove(one)
