"""What a job names must be there, or the job is refused."""
from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.databricks.errors import no_cluster, refuse
from sandbox.databricks.jobs.job import Settings
from sandbox.databricks.jobs.task_rules import with_nested
from sandbox.databricks.pools.errors import no_pool

if TYPE_CHECKING:
    from sandbox.databricks.state import WorkspaceState

_POOLS = ("instance_pool_id", "driver_instance_pool_id")


def check_references(state: WorkspaceState, settings: Settings) -> None:
    """Clusters and pools; what is wrong with a policy shows when a run starts its cluster.

    https://github.com/databrickslabs/migrate/issues/217, https://github.com/databricks-demos/dbdemos/issues/76,
    https://github.com/databricks/cli/pull/6492
    """
    tasks = list(with_nested(settings.get("tasks") or [settings]))
    for task in tasks:
        if task.get("existing_cluster_id") and task["existing_cluster_id"] not in state.clusters:
            raise no_cluster(task["existing_cluster_id"])
    for owner in [*tasks, *settings.get("job_clusters", ())]:
        for field in _POOLS:
            pool_id = owner.get("new_cluster", {}).get(field)
            if pool_id and state.pools.find(pool_id) is None:
                refuse(f"Cluster validation error: {no_pool(pool_id).message}")
