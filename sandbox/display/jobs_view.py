"""What the Databricks UI would show of the jobs of a workspace, read through its own REST API."""
from __future__ import annotations

from typing import Any

from sandbox.display.workspace_view import WorkspaceView, workers


def jobs_of(view: WorkspaceView) -> list[dict[str, Any]]:
    """Settings of each job by name; at most a hundred, which is more than a story needs."""
    rows = view.get("/api/2.2/jobs/list", expand_tasks="true", limit=100).get("jobs", [])
    return sorted((row["settings"] for row in rows), key=lambda settings: str(settings["name"]))


def job_lines(view: WorkspaceView) -> list[str]:
    """Name, cluster and schedule of each job."""
    rows = [(str(job["name"]), _cluster(job), _schedule(job)) for job in jobs_of(view)]
    widths = [max((len(row[at]) for row in rows), default=0) for at in range(2)]
    return [f"{name:<{widths[0]}}  {cluster:<{widths[1]}}  {schedule}" for name, cluster, schedule in rows] or ["none"]


def _cluster(job: dict[str, Any]) -> str:
    task = job["tasks"][0]
    if "existing_cluster_id" in task:
        return f"high-concurrency cluster {task['existing_cluster_id']}"
    shared = {one["job_cluster_key"]: one["new_cluster"] for one in job.get("job_clusters", ())}
    own: dict[str, Any] = task.get("new_cluster") or shared[task["job_cluster_key"]]
    return f"cluster of its own, {workers(own)} workers, {len(task.get('libraries', ()))} libraries"


def _schedule(job: dict[str, Any]) -> str:
    schedule = job.get("schedule")
    return f"{schedule['quartz_cron_expression']} {schedule['timezone_id']}" if schedule else "started by hand"
