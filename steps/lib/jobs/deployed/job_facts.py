"""What people want to know of a job at a glance."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from steps.lib.jobs.databricks_job import DatabricksJob
from steps.lib.wording import counted


def cluster_of(job: DatabricksJob) -> str:
    """`high concurrency`, or `default` or `own` with its size."""
    if job.config.is_high_concurrency:
        return "high concurrency"
    kind = "default" if job.config.view.get(("new_cluster",)) == "default" else "own"
    return ", ".join((kind, *map(_size, _clusters(job.body))))


def schedule_of(job: DatabricksJob) -> str:
    """Cron expression and time zone; empty where the job has no schedule."""
    body: Mapping[str, Any] = job.body
    schedule = body.get("schedule") or {}
    paused = ", paused" if schedule.get("pause_status") == "PAUSED" else ""
    return f"{schedule['quartz_cron_expression']} {schedule.get('timezone_id')}{paused}" if schedule else ""


def _clusters(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The one cluster of a run, which the tasks share."""
    rows = [*(body.get("job_clusters") or []), *(body.get("tasks") or [])]
    yield from [row["new_cluster"] for row in rows if row.get("new_cluster")][:1]


def _size(cluster: Mapping[str, Any]) -> str:
    scale = cluster.get("autoscale")
    if scale:
        return f"{scale.get('min_workers')} to {scale.get('max_workers')} workers"
    return counted(int(cluster.get("num_workers") or 0), "worker")
