"""When something will next happen to a cluster by itself."""
from __future__ import annotations

import heapq
import math
from collections.abc import Mapping

from sandbox.databricks.clusters.cluster import Cluster

NEVER = math.inf
_STALE_ENTRIES = 64


def due_time(cluster: Cluster) -> float | None:
    """In seconds since 1970, None for never. May be too early, never too late."""
    waits = [cluster.waiting, *(status.waiting for status in cluster.libraries.statuses)]
    due = min([idle_at(cluster), *(waiting.over_at for waiting in waits if waiting is not None)])
    return None if due == NEVER else due


def idle_at(cluster: Cluster) -> float:
    """When a running cluster will have been idle for too long."""
    minutes = cluster.spec.get("autotermination_minutes", 0)
    return cluster.last_activity + minutes * 60 if minutes and cluster.state == "RUNNING" else NEVER


class DueTimes:
    """Those due by a moment are found without looking at the others."""

    def __init__(self, due: Mapping[str, float]) -> None:
        self._due = dict(due)
        self._heap = [(moment, cluster_id) for cluster_id, moment in due.items()]
        heapq.heapify(self._heap)

    def change(self, cluster_id: str, due: float | None) -> None:
        """`due` None for never."""
        if self._due.get(cluster_id) == due:
            return
        self._due.pop(cluster_id, None)
        if due is not None:
            self._due[cluster_id] = due
            heapq.heappush(self._heap, (due, cluster_id))
        if len(self._heap) > 2 * len(self._due) + _STALE_ENTRIES:
            self._heap = [(moment, name) for name, moment in self._due.items()]
            heapq.heapify(self._heap)

    def until(self, now: float) -> list[str]:
        """Ids of those due by `now`, soonest first. They are not due any more until they change again."""
        found = []
        while self._heap and self._heap[0][0] <= now:
            due, cluster_id = heapq.heappop(self._heap)
            if self._due.get(cluster_id) == due:
                del self._due[cluster_id]
                found.append(cluster_id)
        return found
