"""The single steps of a cluster's life, each at a moment in seconds since 1970."""
from __future__ import annotations

import random
from collections.abc import Mapping

from sandbox.databricks.clusters.cluster import Cluster, TerminationReason
from sandbox.databricks.clusters.cluster_size import workers_of
from sandbox.databricks.clusters.cluster_store import ClusterStore
from sandbox.databricks.delays import Delays, Waiting

_INACTIVITY = "INACTIVITY"


class ClusterMoves:
    """`delays` say how long what begins from now on takes, `library_failures` are those of the machine."""

    def __init__(self, clusters: ClusterStore, delays: Delays, library_failures: Mapping[str, str]) -> None:
        self.delays = delays
        self._clusters = clusters
        self._library_failures = library_failures

    def go(self, cluster: Cluster, state: str, waiting: Waiting, message: str) -> None:
        """Be on the way to another state, which is reached when `waiting` is over."""
        cluster.state, cluster.state_message, cluster.waiting = state, message, waiting
        self._clusters.changed(cluster)

    def terminate(self, cluster: Cluster, reason: TerminationReason, at: float) -> None:
        """Nothing happens to a cluster that is down already, or on its way."""
        if not cluster.is_active:
            return
        cluster.reason = reason
        cluster.libraries.settle(at, delays=self.delays, failures=self._library_failures)
        cluster.libraries.interrupt()
        self._clusters.record(cluster, at, "TERMINATING", reason=reason.as_json())
        self.go(cluster, "TERMINATING", Waiting(at, self.delays.terminate), reason.message or "Terminating the cluster")

    def arrive(self, cluster: Cluster, at: float) -> None:
        """What the cluster was on its way to is reached."""
        cluster.waiting = None
        if cluster.state == "TERMINATING":
            self._stop(cluster, at)
        elif cluster.start_failure is not None:
            failure, cluster.start_failure = cluster.start_failure, None
            self.terminate(cluster, failure, at)
        elif cluster.state == "RESIZING":
            self._reach(cluster, at, "UPSIZE_COMPLETED")
        else:
            self._run(cluster, at)

    def end_idleness(self, cluster: Cluster, at: float) -> None:
        minutes = cluster.spec["autotermination_minutes"]
        # Told by the sample of https://docs.databricks.com/api/azure/workspace/clusters/get.
        text = f"Inactive cluster terminated (inactive for {minutes} minutes)."
        reason = TerminationReason(_INACTIVITY, parameters={"inactivity_duration_min": str(minutes)}, message=text)
        self.terminate(cluster, reason, at)

    def settle_libraries(self, cluster: Cluster, now: float) -> None:
        """Let them go on as far as they are by now; on a running cluster those that are pending begin."""
        if cluster.state == "RUNNING":
            self._begin_libraries(cluster, now)
        if cluster.libraries.settle(now, delays=self.delays, failures=self._library_failures):
            self._clusters.changed(cluster)

    def _run(self, cluster: Cluster, at: float) -> None:
        # The driver's Spark context has a new id after every start.
        cluster.spark_context_id = cluster.last_spark_context_id = random.getrandbits(62)
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

    def _begin_libraries(self, cluster: Cluster, now: float) -> None:
        if cluster.libraries.begin(str(cluster.spec.get("spark_version", "")), now, delays=self.delays):
            self._clusters.changed(cluster)
