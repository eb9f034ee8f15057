"""The clusters that a job makes for its runs, and where in its settings they are told."""
from __future__ import annotations

from collections.abc import Iterator

from sandbox.databricks.jobs.job import Settings


def owners(settings: Settings) -> Iterator[tuple[str, Settings]]:
    """What has a `new_cluster`, each with its place: `job_clusters[key].new_cluster`.

    The place is as in https://docs.databricks.com/api/jobs/v2/get-policy-compliance-for-job.md; that of a task was
    never observed, it is made alike.
    """
    found = [("", settings)]
    found += [(f"job_clusters[{row['job_cluster_key']}].", row) for row in settings.get("job_clusters", ())]
    for task in settings.get("tasks", ()):
        place = f"tasks[{task['task_key']}]."
        found += [(place, task), (f"{place}for_each_task.task.", task.get("for_each_task", {}).get("task", {}))]
    return ((f"{place}new_cluster", owner) for place, owner in found if "new_cluster" in owner)


def policies_of(settings: Settings) -> list[str]:
    """The ids of the policies of these clusters, each once."""
    return sorted({owner["new_cluster"].get("policy_id", "") for _, owner in owners(settings)} - {""})
