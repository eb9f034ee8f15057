"""The clusters of a workspace, found without a search."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping
from datetime import datetime, timezone
from typing import Any

from sandbox.databricks.clusters.cluster import Cluster, ClusterEvent
from sandbox.databricks.clusters.cluster_history import ClusterHistory
from sandbox.databricks.clusters.cluster_order import ClusterOrder, SortKey
from sandbox.databricks.clusters.due_times import DueTimes, due_time
from sandbox.databricks.memory import Memory

PINNED = "pinned"
_WITH_LIBRARIES = "with libraries"


class ClusterStore(MutableMapping[str, Cluster]):
    """By id, oldest first. Who changes a cluster in place says so with `changed`."""

    def __init__(self, memory: Memory) -> None:
        self._clusters = memory.collection("cluster", Cluster)
        self._history = ClusterHistory(memory)
        self._found = self._clusters.index(_names, kept_as="names")
        self._id_number = memory.counter("cluster", 1)
        self._due = self._clusters.view(DueTimes, due_time, kept_as="due")
        self.by_default = self._clusters.view(ClusterOrder, _default_key, kept_as="default order")
        self.by_name = self._clusters.view(ClusterOrder, _name_key, kept_as="order by name")

    def __getitem__(self, cluster_id: str) -> Cluster:
        return self._clusters[cluster_id]

    def __setitem__(self, cluster_id: str, cluster: Cluster) -> None:
        self._clusters[cluster_id] = cluster

    def __delitem__(self, cluster_id: str) -> None:
        """Its history goes with it."""
        del self._clusters[cluster_id]
        self._history.forget(cluster_id)

    def __iter__(self) -> Iterator[str]:
        return iter(self._clusters)

    def __len__(self) -> int:
        return len(self._clusters)

    def new_id(self, now: float) -> str:
        """Shaped like the service's: `0820-122456-abcd1234`."""
        moment = datetime.fromtimestamp(now, timezone.utc)
        return f"{moment:%m%d-%H%M%S}-{self._id_number():08x}"

    def changed(self, cluster: Cluster) -> None:
        self._clusters.changed(cluster.cluster_id)

    def read(self, cluster: Cluster) -> None:
        """Its state was told to a client."""
        if cluster.waiting is not None and not cluster.waiting.was_read:
            cluster.waiting.was_read = True
            self.changed(cluster)

    def record(self, cluster: Cluster, now: float, event_type: str, **details: Any) -> None:  # noqa: ANN401 - JSON of the event
        self._history.record(cluster.cluster_id, now, event_type, details)

    def events(self, cluster_id: str, now: float) -> list[ClusterEvent]:
        """Oldest first; those of the last 60 days."""
        return self._history.of(cluster_id, now)

    def due(self, now: float) -> list[Cluster]:
        """Those to which something happened by `now` that nobody has looked at yet: settle each of them."""
        return [self._clusters[cluster_id] for cluster_id in self._due().until(now)]

    def count(self, names: Iterable[str]) -> int:
        """How many `of` would give."""
        return sum(self._found.count(name) for name in names)

    def of(self, names: Iterable[str]) -> list[Cluster]:
        """Those in one of several states, such as `state RUNNING`, or from several sources, such as `source JOB`."""
        return [cluster for name in names for cluster in self._found.of(name)]

    def of_policy(self, policy_id: str) -> list[Cluster]:
        return self._found.of(f"policy {policy_id}")

    def of_pool(self, pool_id: str) -> list[Cluster]:
        """Those that take their workers or their driver from the pool."""
        return self._found.of(f"pool {pool_id}")

    def with_libraries(self) -> list[Cluster]:
        return self._found.of(_WITH_LIBRARIES)

    def made_with(self, idempotency_token: str) -> Cluster | None:
        """The live cluster that was created with this token."""
        return self._found.first(f"token {idempotency_token}")


def _names(cluster: Cluster) -> Iterator[str]:
    yield f"state {cluster.state}"
    yield f"source {cluster.source}"
    for field, name in (("policy_id", "policy"), ("instance_pool_id", "pool"), ("driver_instance_pool_id", "pool")):
        if cluster.spec.get(field):
            yield f"{name} {cluster.spec[field]}"
    if cluster.pinned_by is not None:
        yield PINNED
    if cluster.libraries.statuses:
        yield _WITH_LIBRARIES
    if cluster.is_active and cluster.idempotency_token:
        yield f"token {cluster.idempotency_token}"


def _default_key(cluster: Cluster) -> SortKey:
    """Pinned ones come first, then active ones, then the latest started."""
    return (cluster.pinned_by is None, not cluster.is_active, -cluster.start_time, _age(cluster), cluster.cluster_id)


def _name_key(cluster: Cluster) -> SortKey:
    return cluster.name, _age(cluster), cluster.cluster_id


def _age(cluster: Cluster) -> str:
    """The number in its id: the older one has the lower."""
    return cluster.cluster_id.rpartition("-")[2]
