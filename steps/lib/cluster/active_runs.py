"""The runs of Databricks jobs that an edit of their cluster would break off, and the wait for their end.

The service cannot be asked for the runs of a cluster, only for all active ones with their tasks:
https://docs.databricks.com/api/azure/workspace/jobs/listruns. What the principal may not see is not among them.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from steps.lib import agent
from steps.lib.cluster.clusters import Cluster
from steps.lib.databricks.client import Databricks
from steps.lib.databricks.errors import ResourceDoesNotExist
from steps.lib.databricks.runs import is_over, whole_run
from steps.lib.errors import ServiceError
from steps.lib.waiting import Waiting
from steps.lib.wording import counted

LIST = "/api/2.2/jobs/runs/list"


@dataclass(frozen=True)
class ActiveRun:
    """`tasks` are the keys of those that are on the cluster, or will be."""

    run_id: int
    name: str
    url: str
    tasks: tuple[str, ...]

    def __str__(self) -> str:
        return f"run {self.run_id} of {self.name!r}, task {', '.join(self.tasks)}: {self.url}"


def active_runs(databricks: Databricks, cluster_id: str) -> list[ActiveRun]:
    """Those with a task on the cluster that is not over; a run that only was on it needs it no more."""
    rows = databricks.pages(LIST, "runs", {"active_only": True, "expand_tasks": True})
    runs = (whole_run(databricks, row["run_id"]) if row.get("has_more") else row for row in rows)
    return [found for found in (_on_cluster(run, cluster_id) for run in runs) if found]


def wait_for_runs(databricks: Databricks, cluster: Cluster, waiting: Waiting) -> bool:
    """Whether there was anything to wait for; a ServiceError that lists what still runs when the time is over."""
    runs = active_runs(databricks, cluster.cluster_id)
    if not runs:
        return False
    while runs:
        agent.info(f"cluster {cluster.cluster_id} has {counted(len(runs), 'active run')} that an edit would break off")
        for run in runs:
            agent.info(f"  {waiting.seconds:5.0f} s  waiting for {run}")
            while _goes_on(databricks, run, cluster.cluster_id):
                if not waiting.pause():
                    raise _still_busy(cluster, active_runs(databricks, cluster.cluster_id), waiting)
        runs = active_runs(databricks, cluster.cluster_id)
    return True


def _goes_on(databricks: Databricks, run: ActiveRun, cluster_id: str) -> bool:
    try:
        row = whole_run(databricks, run.run_id)
    except ResourceDoesNotExist:
        return False
    return _on_cluster(row, cluster_id) is not None


def _on_cluster(run: Mapping[str, Any], cluster_id: str) -> ActiveRun | None:
    tasks = [task for task in run.get("tasks") or [] if cluster_id in _clusters(task)]
    going = [str(task.get("task_key")) for task in tasks if not is_over(task)]
    if not going:
        return None
    return ActiveRun(int(run["run_id"]), str(run.get("run_name", "")), str(run.get("run_page_url", "")), tuple(going))


def _clusters(task: Mapping[str, Any]) -> Iterator[object]:
    yield task.get("existing_cluster_id")
    yield (task.get("cluster_instance") or {}).get("cluster_id")


def _still_busy(cluster: Cluster, runs: list[ActiveRun], waiting: Waiting) -> ServiceError:
    message = (f"cluster {cluster.name!r} ({cluster.cluster_id}): {counted(len(runs), 'active run')} after "
               f"{waiting.limit:.0f} s, expected none, for an edit restarts the cluster under them; nothing was "
               "edited: let them end or cancel them, then run the pipeline again")
    return ServiceError(message, *(f"cluster {cluster.name!r}: {run}" for run in runs))
