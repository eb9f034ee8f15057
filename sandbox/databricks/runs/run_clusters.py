"""The clusters that runs use: found, started, made for one run, and thrown away after it."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.clusters.cluster import Cluster, TerminationReason
from sandbox.databricks.commands.single_user import single_user_problem
from sandbox.databricks.errors import ApiError
from sandbox.databricks.libraries.library_package import package_of
from sandbox.databricks.permissions.access import CLUSTERS
from sandbox.databricks.replies import without_empty
from sandbox.databricks.runs.run import Outcome, Run, TaskRun
from sandbox.databricks.runs.surroundings import Surroundings

_FINISHED = TerminationReason("JOB_FINISHED", message="Job run finished")


class RunClusters:
    """Works on the clusters of the workspace; call it inside the workspace's lock."""

    def __init__(self, state: Surroundings) -> None:
        self._state = state
        self._clock = state.clock
        self._clusters = state.clusters
        self._access = state.access
        self._directory = state.directory
        self._machine = state.machine
        self._library_failures = state.library_failures

    def take(self, run: Run, task: TaskRun) -> Outcome | None:
        """Give the task its cluster, started if it was down; says why it cannot have one."""
        settings = task.task
        if "existing_cluster_id" in settings:
            task.cluster_id = settings["existing_cluster_id"]
            return None if task.cluster_id in self._clusters else _lost(task.cluster_id, "does not exist")
        key = settings.get("job_cluster_key", "")
        spec = settings.get("new_cluster") or _shared(run, key)
        if spec is None:
            return None
        # A space is in no key of a job cluster.
        place = key or f"task {task.run_id}"
        if place not in run.clusters:
            try:
                run.clusters[place] = self._create(run, key or task.key, spec)
            except ApiError as error:
                # Worded like https://github.com/databricks-industry-solutions/product-search/issues/4.
                text = ("Unexpected user error while preparing the cluster for the job. "
                        f"Cause: {error.error_code}: {error.message}")
                return Outcome("FAILED", text, "INTERNAL_ERROR", "CLUSTER_ERROR", "CLIENT_ERROR")
        task.cluster_id = run.clusters[place]
        return None

    def ready_since(self, run: Run, task: TaskRun) -> float | Outcome | None:
        """When the cluster of a waiting task began to run, None for not yet, or why it never will."""
        if not task.cluster_id:
            return 0.0
        cluster = self._clusters.get(task.cluster_id)
        if cluster is None:
            return _lost(task.cluster_id, "does not exist")
        if cluster.waiting is not None:
            cluster.waiting.was_read = True
        self._machine.settle(cluster)
        if cluster.state == "RUNNING":
            task.spark_context_id = cluster.spark_context_id
            return self._not_its_user(run, cluster) or self._library_trouble(task) or cluster.running_since
        if cluster.state == "TERMINATED":
            if task.started_cluster or cluster.source == "JOB":
                return _lost(task.cluster_id, cluster.state_message, cluster.reason)
            self._machine.start(cluster)
            task.started_cluster = True
        return None

    def loss(self, task: TaskRun) -> Outcome | None:
        """Why a task that was running cannot go on: its cluster went down or was restarted under it."""
        if not task.cluster_id:
            return None
        cluster = self._clusters.get(task.cluster_id)
        if cluster is not None:
            if cluster.state == "RUNNING":
                # A cluster in use is not idle.
                cluster.last_activity = self._clock.now()
            self._machine.settle(cluster)
            if cluster.spark_context_id == task.spark_context_id and cluster.state in {"RUNNING", "RESIZING"}:
                return None
        return Outcome("FAILED", f"Cluster {task.cluster_id} was terminated or restarted while the task ran",
                       "INTERNAL_ERROR", "CLUSTER_TERMINATED_BY_USER", "CLIENT_ERROR")

    def finish(self, run: Run) -> None:
        """Terminate what was made for the run."""
        for cluster_id in run.clusters.values():
            if cluster_id in self._clusters:
                self._machine.terminate(self._clusters[cluster_id], _FINISHED)

    def remove(self, run: Run) -> None:
        for cluster_id in run.clusters.values():
            if self._clusters.pop(cluster_id, None) is not None:
                self._access.remove_object(CLUSTERS, cluster_id)
        run.clusters.clear()

    def _create(self, run: Run, key: str, spec: dict[str, Any]) -> str:
        """Its policy is looked at here, not where the job is made: https://github.com/databricks/cli/pull/6492."""
        creator = self._directory.someone(run.run_as)
        asked = {name: value for name, value in spec.items() if name != "apply_policy_default_values"}
        if creator is not None:
            spec = self._state.job_cluster_spec(creator, asked,
                                                apply_defaults=spec.get("apply_policy_default_values", False))
        tags = {**run.settings.get("tags", {}), **spec.get("custom_tags", {})}
        named = {**spec, "cluster_name": f"job-{run.job_id}-run-{run.run_id}-{key}",
                 **without_empty(custom_tags=tags)}
        cluster = Cluster(self._clusters.new_id(self._clock.now()), named, named, run.run_as, source="JOB",
                          run_tags={"RunName": run.name, "JobId": str(run.job_id)})
        self._clusters[cluster.cluster_id] = cluster
        self._access.add_object(CLUSTERS, cluster.cluster_id, creator)
        self._machine.begin(cluster, "CREATING")
        return cluster.cluster_id

    def _not_its_user(self, run: Run, cluster: Cluster) -> Outcome | None:
        problem = single_user_problem(cluster, run.run_as, self._directory)
        return Outcome("FAILED", f"PERMISSION_DENIED: {problem}", "INTERNAL_ERROR", "UNAUTHORIZED_ERROR",
                       "CLIENT_ERROR") if problem else None

    def _library_trouble(self, task: TaskRun) -> Outcome | None:
        for library in task.task.get("libraries", ()):
            failure = self._library_failures.get(package_of(library)[1])
            if failure:
                text = f"Library installation failed for library due to user error. Error messages: {failure}"
                return Outcome("FAILED", text, "INTERNAL_ERROR", "LIBRARY_INSTALLATION_ERROR", "CLIENT_ERROR")
        return None


def _shared(run: Run, key: str) -> dict[str, Any] | None:
    for cluster in run.settings.get("job_clusters", ()):
        if key and cluster["job_cluster_key"] == key:
            spec: dict[str, Any] = cluster["new_cluster"]
            return spec
    return None


def _lost(cluster_id: str, why: str, reason: TerminationReason | None = None) -> Outcome:
    """Worded like https://github.com/prefect-archive/prefect-databricks/pull/13."""
    message = f"Unexpected failure while waiting for the cluster ({cluster_id}) to be ready: {why}"
    blame = reason.type if reason is not None and reason.type != "SUCCESS" else "CLIENT_ERROR"
    return Outcome("FAILED", message, "INTERNAL_ERROR", "CLUSTER_ERROR", blame)
