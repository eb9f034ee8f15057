"""The state machine of clusters.

create, start -> PENDING -> RUNNING; restart, edit of RUNNING -> RESTARTING -> RUNNING; resize -> RESIZING -> RUNNING;
delete or a failed start -> TERMINATING -> TERMINATED. Whatever is on its way is seen on its way at least once.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.clock import Clock
from sandbox.databricks.clusters.cluster import Cluster, TerminationReason
from sandbox.databricks.clusters.cluster_moves import ClusterMoves
from sandbox.databricks.clusters.cluster_size import size_of
from sandbox.databricks.clusters.cluster_store import ClusterStore
from sandbox.databricks.clusters.due_times import idle_at
from sandbox.databricks.delays import Delays, Waiting
from sandbox.databricks.errors import invalid_state, refuse, unexpected_state


class ClusterMachine:
    """What requests ask for, and what happens by itself; `start_failure` is asked at each start why it will fail.

    `library_failures` maps a package's name without version to what its installation fails with.
    """

    def __init__(self, clock: Clock, delays: Delays, clusters: ClusterStore, *, library_failures: Mapping[str, str],
                 start_failure: Callable[[Cluster], TerminationReason | None]) -> None:
        self._clock = clock
        self._clusters = clusters
        self._moves = ClusterMoves(clusters, delays, library_failures)
        self._start_failure = start_failure

    def set_delays(self, delays: Delays) -> None:
        self._moves.delays = delays

    def begin(self, cluster: Cluster, event: str, *, user: str = "") -> None:
        """`event` is CREATING for a new cluster, STARTING for one that was terminated; by the creator unless told."""
        now = self._clock.now()
        cluster.start_time = cluster.last_restarted_time = now
        cluster.terminated_time = cluster.reason = None
        cluster.start_failure = self._start_failure(cluster)
        self._clusters.record(cluster, now, event, cluster_size=size_of(cluster.spec), user=user or cluster.creator)
        self._moves.go(cluster, "PENDING", Waiting(now, self._moves.delays.cluster_start),
                       "Finding instances for new nodes, acquiring more instances if necessary")

    def start(self, cluster: Cluster, *, user: str = "") -> None:
        _refuse_of_a_job(cluster)
        if cluster.state != "TERMINATED":
            raise unexpected_state(cluster.cluster_id, cluster.state)
        cluster.libraries.cluster_went_down()
        self.begin(cluster, "STARTING", user=user)

    def edit(self, cluster: Cluster, spec: dict[str, Any], *, asked: dict[str, Any], user: str = "") -> None:
        """Replace the whole specification; RUNNING restarts, TERMINATED stays down, any other state refuses."""
        _refuse_edit_of_a_job(cluster)
        if cluster.state not in {"RUNNING", "TERMINATED"}:
            raise unexpected_state(cluster.cluster_id, cluster.state)
        previous, cluster.spec, cluster.asked = cluster.spec, spec, asked
        self._clusters.record(cluster, self._clock.now(), "EDITED", previous_attributes=previous, attributes=spec,
                              previous_cluster_size=size_of(previous), cluster_size=size_of(spec), user=user)
        self._clusters.changed(cluster)
        if cluster.state == "RUNNING":
            self.restart(cluster, user=user)

    def restart(self, cluster: Cluster, *, user: str = "") -> None:
        """Documented to do nothing to a cluster that is not running."""
        if cluster.state != "RUNNING":
            return
        now = self._clock.now()
        cluster.libraries.cluster_went_down()
        cluster.last_restarted_time = now
        cluster.start_failure = self._start_failure(cluster)
        self._clusters.record(cluster, now, "RESTARTING", user=user)
        self._moves.go(cluster, "RESTARTING", Waiting(now, self._moves.delays.cluster_restart),
                       "Restarting the cluster")

    def resize(self, cluster: Cluster, size: dict[str, Any], *, user: str = "") -> None:
        _refuse_of_a_job(cluster)
        if cluster.state != "RUNNING":
            raise unexpected_state(cluster.cluster_id, cluster.state)
        kept = {key: value for key, value in cluster.spec.items() if key not in {"num_workers", "autoscale"}}
        cluster.spec = {**kept, **size}
        now = self._clock.now()
        self._clusters.record(cluster, now, "RESIZING", cluster_size=size, user=user)
        self._moves.go(cluster, "RESIZING", Waiting(now, self._moves.delays.cluster_resize), "Resizing the cluster")

    def terminate(self, cluster: Cluster, reason: TerminationReason) -> None:
        """Nothing happens to a cluster that is down already, or on its way."""
        self._moves.terminate(cluster, reason, self._clock.now())

    def settle(self, cluster: Cluster) -> None:
        """Let everything happen that was due by now, at the moment it was due."""
        now = self._clock.now()
        while (due := _next_change(cluster)) <= now:
            if cluster.waiting is None:
                self._moves.end_idleness(cluster, due)
            else:
                self._moves.arrive(cluster, cluster.waiting.since + cluster.waiting.delay)
        self._moves.settle_libraries(cluster, now)

    def settle_due(self) -> None:
        """Settle every cluster for which something was due by now."""
        for cluster in self._clusters.due(self._clock.now()):
            self.settle(cluster)
            self._clusters.changed(cluster)


def _next_change(cluster: Cluster) -> float:
    """When the cluster changes its state by itself, in seconds since 1970."""
    return cluster.waiting.over_at if cluster.waiting is not None else idle_at(cluster)


def _refuse_edit_of_a_job(cluster: Cluster) -> None:
    """In the words of https://github.com/databricks/databricks-cli/issues/458."""
    if cluster.source == "JOB":
        refuse(f"Cannot edit cluster {cluster.cluster_id} created by JobLauncher")


def _refuse_of_a_job(cluster: Cluster) -> None:
    """The cluster of a job run is the run's alone: only the job says what it is like."""
    if cluster.source == "JOB":
        message = f"Cluster {cluster.cluster_id} was made by a job run; it cannot be started or resized."
        raise invalid_state(message)
