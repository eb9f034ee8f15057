"""What happened to the clusters of a workspace."""
from __future__ import annotations

from itertools import takewhile
from typing import Any

from sandbox.databricks.clusters.cluster import ClusterEvent
from sandbox.databricks.memory import Memory

# The service keeps them as long as most else: https://docs.databricks.com/compute/clusters-manage.html#event-log.
_KEPT = 60 * 24 * 3600


class ClusterHistory:
    """Events are records of their own: one more costs the same however many there were. Times in seconds since 1970."""

    def __init__(self, memory: Memory) -> None:
        self._events = memory.collection("cluster_event", ClusterEvent)
        self._by_cluster = self._events.index(lambda event: [event.cluster_id], kept_as="cluster")

    def record(self, cluster_id: str, now: float, event_type: str, details: dict[str, Any]) -> None:
        """What is too old by now is forgotten."""
        keys = self._by_cluster.keys_of(cluster_id)
        number = int(next(reversed(keys)).rpartition("/")[2]) + 1 if keys else 0
        for key in list(takewhile(lambda key: _is_over(self._events[key], now), keys)):
            del self._events[key]
        self._events[f"{cluster_id}/{number}"] = ClusterEvent(cluster_id, int(now * 1000), event_type, details)

    def of(self, cluster_id: str, now: float) -> list[ClusterEvent]:
        """Oldest first."""
        return [event for event in self._by_cluster.of(cluster_id) if not _is_over(event, now)]

    def forget(self, cluster_id: str) -> None:
        for key in list(self._by_cluster.keys_of(cluster_id)):
            del self._events[key]


def _is_over(event: ClusterEvent, now: float) -> bool:
    return event.timestamp < (now - _KEPT) * 1000
