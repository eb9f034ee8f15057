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
        self._keys: dict[str, list[str]] = {}
        for key, event in self._events.items():
            self._keys.setdefault(event.cluster_id, []).append(key)

    def record(self, cluster_id: str, now: float, event_type: str, details: dict[str, Any]) -> None:
        """What is too old by now is forgotten."""
        keys = self._keys.setdefault(cluster_id, [])
        number = int(keys[-1].rpartition("/")[2]) + 1 if keys else 0
        over = list(takewhile(lambda key: _is_over(self._events[key], now), keys))
        del keys[:len(over)]
        for key in over:
            del self._events[key]
        keys.append(f"{cluster_id}/{number}")
        self._events[keys[-1]] = ClusterEvent(cluster_id, int(now * 1000), event_type, details)

    def of(self, cluster_id: str, now: float) -> list[ClusterEvent]:
        """Oldest first."""
        events = (self._events[key] for key in self._keys.get(cluster_id, ()))
        return [event for event in events if not _is_over(event, now)]

    def forget(self, cluster_id: str) -> None:
        for key in self._keys.pop(cluster_id, ()):
            del self._events[key]


def _is_over(event: ClusterEvent, now: float) -> bool:
    return event.timestamp < (now - _KEPT) * 1000
