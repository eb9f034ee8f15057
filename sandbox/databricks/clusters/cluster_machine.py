"""The state machine of clusters.

create, start -> PENDING -> RUNNING; restart, edit of RUNNING -> RESTARTING -> RUNNING; resize -> RESIZING -> RUNNING;
delete or a failed start -> TERMINATING -> TERMINATED. Whatever is on its way is seen on its way at least once.
"""
from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.clock import Clock
from sandbox.databricks.clusters.cluster import Cluster, TerminationReason
from sandbox.databricks.clusters.cluster_size import size_of, workers_of
from sandbox.databricks.clusters.cluster_store import ClusterStore
from sandbox.databricks.clusters.due_times import idle_at
from sandbox.databricks.delays import Delays, Waiting
from sandbox.databricks.errors import invalid_state, refuse, unexpected_state

_INACTIVITY = "INACTIVITY"


class ClusterMachine:
    """Moves clusters; `start_failure` is asked at each start why that cluster will not come up.

    `library_failures` maps a package's name without version to what its installation fails with.
    """

    def __init__(self, clock: Clock, delays: Delays, clusters: ClusterStore, *, library_failures: Mapping[str, str],
                 start_failure: Callable[[Cluster], TerminationReason | None]) -> None:
        self._clock = clock
        self._delays = delays
        self._clusters = clusters
        self._library_failures = library_failures
        self._start_failure = start_failure

    def set_delays(self, delays: Delays) -> None:
        self._delays = delays

    def begin(self, cluster: Cluster, event: str, *, user: str = "") -> None:
        """`event` is CREATING for a new cluster, STARTING for one that was terminated; by the creator unless told."""
        now = self._clock.now()
        cluster.start_time = cluster.last_restarted_time = now
        cluster.terminated_time = cluster.reason = None
        cluster.start_failure = self._start_failure(cluster)
        self._clusters.record(cluster, now, event, cluster_size=size_of(cluster.spec), user=user or cluster.creator)
        self._go(cluster, "PENDING", waiting=Waiting(now, self._delays.cluster_start),
                 message="Finding instances for new nodes, acquiring more instances if necessary")

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
        self._go(cluster, "RESTARTING", waiting=Waiting(now, self._delays.cluster_restart),
                 message="Restarting the cluster")

    def resize(self, cluster: Cluster, size: dict[str, Any], *, user: str = "") -> None:
        _refuse_of_a_job(cluster)
        if cluster.state != "RUNNING":
            raise unexpected_state(cluster.cluster_id, cluster.state)
        kept = {key: value for key, value in cluster.spec.items() if key not in {"num_workers", "autoscale"}}
        cluster.spec = {**kept, **size}
        now = self._clock.now()
        self._clusters.record(cluster, now, "RESIZING", cluster_size=size, user=user)
        self._go(cluster, "RESIZING", waiting=Waiting(now, self._delays.cluster_resize),
                 message="Resizing the cluster")

    def terminate(self, cluster: Cluster, reason: TerminationReason, *, at: float | None = None) -> None:
        """`at` is now unless told. Nothing happens to a cluster that is down already, or on its way."""
        if not cluster.is_active:
            return
        now = self._clock.now() if at is None else at
        cluster.reason = reason
        cluster.libraries.settle(now, delays=self._delays, failures=self._library_failures)
        cluster.libraries.interrupt()
        self._clusters.record(cluster, now, "TERMINATING", reason=reason.as_json())
        self._go(cluster, "TERMINATING", waiting=Waiting(now, self._delays.terminate),
                 message=reason.message or "Terminating the cluster")

    def settle(self, cluster: Cluster) -> None:
        """Let everything happen that was due by now, at the moment it was due."""
        now = self._clock.now()
        while (due := self._next_change(cluster)) <= now:
            if cluster.waiting is None:
                self._end_idleness(cluster, due)
            else:
                self._arrive(cluster, cluster.waiting.since + cluster.waiting.delay)
        if cluster.state == "RUNNING":
            self._begin_libraries(cluster, now)
        if cluster.libraries.settle(now, delays=self._delays, failures=self._library_failures):
            self._clusters.changed(cluster)

    def settle_due(self) -> None:
        """Settle every cluster for which something was due by now."""
        for cluster in self._clusters.due(self._clock.now()):
            self.settle(cluster)
            self._clusters.changed(cluster)

    def _arrive(self, cluster: Cluster, at: float) -> None:
        cluster.waiting = None
        if cluster.state == "TERMINATING":
            self._stop(cluster, at)
        elif cluster.start_failure is not None:
            failure, cluster.start_failure = cluster.start_failure, None
            self.terminate(cluster, failure, at=at)
        elif cluster.state == "RESIZING":
            self._reach(cluster, at, "UPSIZE_COMPLETED")
        else:
            self._run(cluster, at)

    def _run(self, cluster: Cluster, at: float) -> None:
        # The driver's Spark context has a new id after every start.
        cluster.spark_context_id = random.getrandbits(62)
        cluster.last_activity = cluster.running_since = at
        scripts = ("INIT_SCRIPTS_STARTED", "INIT_SCRIPTS_FINISHED") if cluster.spec.get("init_scripts") else ()
        for event in scripts:
            self._clusters.record(cluster, at, event)
        self._reach(cluster, at, "RUNNING")
        self._clusters.record(cluster, at, "DRIVER_HEALTHY")
        self._begin_libraries(cluster, at)

    def _reach(self, cluster: Cluster, at: float, event: str) -> None:
        """All its machines are there."""
        workers = workers_of(cluster.spec)
        self._clusters.record(cluster, at, event, current_num_workers=workers, target_num_workers=workers)
        cluster.state, cluster.state_message = "RUNNING", ""
        self._clusters.changed(cluster)

    def _stop(self, cluster: Cluster, at: float) -> None:
        message = cluster.reason.message if cluster.reason and cluster.reason.message else "Terminated"
        cluster.state, cluster.state_message = "TERMINATED", message
        cluster.terminated_time, cluster.spark_context_id, cluster.idempotency_token = at, None, ""
        self._clusters.changed(cluster)

    def _next_change(self, cluster: Cluster) -> float:
        """When the cluster changes its state by itself, in seconds since 1970."""
        if cluster.waiting is not None:
            return cluster.waiting.over_at
        return idle_at(cluster)

    def _end_idleness(self, cluster: Cluster, at: float) -> None:
        minutes = cluster.spec["autotermination_minutes"]
        text = f"Cluster was terminated after {minutes} minutes of inactivity"
        reason = TerminationReason(_INACTIVITY, parameters={"inactivity_duration_min": str(minutes)}, message=text)
        self.terminate(cluster, reason, at=at)

    def _begin_libraries(self, cluster: Cluster, now: float) -> None:
        if cluster.libraries.begin(str(cluster.spec.get("spark_version", "")), now, delays=self._delays):
            self._clusters.changed(cluster)

    def _go(self, cluster: Cluster, state: str, *, waiting: Waiting, message: str) -> None:
        cluster.state, cluster.state_message, cluster.waiting = state, message, waiting
        self._clusters.changed(cluster)


def _refuse_edit_of_a_job(cluster: Cluster) -> None:
    """In the words of https://github.com/databricks/databricks-cli/issues/458."""
    if cluster.source == "JOB":
        refuse(f"Cannot edit cluster {cluster.cluster_id} created by JobLauncher")


def _refuse_of_a_job(cluster: Cluster) -> None:
    """The cluster of a job run is the run's alone: only the job says what it is like."""
    if cluster.source == "JOB":
        message = f"Cluster {cluster.cluster_id} was made by a job run; it cannot be started or resized."
        raise invalid_state(message)
