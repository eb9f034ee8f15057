"""One cluster: what was asked for, the state it is in, and what happened to it."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.databricks.delays import Waiting
from sandbox.databricks.libraries.cluster_libraries import ClusterLibraries

ACTIVE_STATES = frozenset({"PENDING", "RUNNING", "RESTARTING", "RESIZING"})


@dataclass(frozen=True)
class TerminationReason:
    """`message` is what the state message says about it; codes are those of the Clusters API."""

    code: str
    type: str = "SUCCESS"
    parameters: dict[str, str] = field(default_factory=dict)
    message: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "type": self.type, "parameters": dict(self.parameters)}


@dataclass(frozen=True)
class ClusterEvent:
    """`timestamp` in milliseconds since 1970."""

    cluster_id: str
    timestamp: int
    type: str
    details: dict[str, Any]


@dataclass
class Cluster:
    """Times are seconds since 1970. `asked` is the request as it came, `spec` its known fields without the id.

    `spark_context_id` is that of a driver that is there. `run_tags` are default tags that only clusters of runs have.
    `unseen_by` names the routes whose first answer will not know of it yet.
    """

    cluster_id: str
    spec: dict[str, Any]
    asked: dict[str, Any]
    creator: str
    libraries: ClusterLibraries = field(default_factory=ClusterLibraries)
    source: str = "API"
    idempotency_token: str = ""
    state: str = "TERMINATED"
    state_message: str = ""
    waiting: Waiting | None = None
    start_failure: TerminationReason | None = None
    reason: TerminationReason | None = None
    start_time: float = 0.0
    running_since: float = 0.0
    terminated_time: float | None = None
    last_restarted_time: float | None = None
    last_activity: float = 0.0
    spark_context_id: int | None = None
    last_spark_context_id: int | None = None
    pinned_by: str | None = None
    unpinned_time: float | None = None
    run_tags: dict[str, str] = field(default_factory=dict)
    unseen_by: frozenset[str] = field(default_factory=frozenset)

    @property
    def name(self) -> str:
        return str(self.spec.get("cluster_name", ""))

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE_STATES

    def unused_for(self, now: float) -> float:
        """Seconds since it was terminated, or later unpinned; 0 for one that is up or pinned."""
        if self.terminated_time is None or self.pinned_by is not None:
            return 0.0
        return now - max(self.terminated_time, self.unpinned_time or 0.0)
