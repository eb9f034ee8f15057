"""What the service refuses in the clusters a job makes for itself."""
from __future__ import annotations

import re
from typing import Any

from sandbox.databricks.clusters.cluster_rules import check_spec
from sandbox.databricks.errors import ApiError, MissingFieldError, invalid, refuse, refuse_missing

_KEY = re.compile(r"[A-Za-z0-9_-]{1,100}")
_NOT_FOR_JOBS = ("autotermination_minutes", "workload_type")


def check_job_clusters(clusters: list[dict[str, Any]]) -> set[str]:
    """The keys of the shared job clusters, once all of them are sound."""
    keys = [cluster.get("job_cluster_key", "") for cluster in clusters]
    for key, cluster in zip(keys, clusters, strict=True):
        check_key("job_cluster_key", key)
        if cluster.get("libraries"):
            refuse("Libraries cannot be declared in a shared job cluster; declare them in the task settings.")
        if "new_cluster" not in cluster:
            refuse_missing("settings.job_clusters.new_cluster")
        check_new_cluster(cluster["new_cluster"])
    if len(set(keys)) < len(keys):
        refuse("job_cluster_key must be unique within a job")
    return set(keys)


def check_key(field: str, key: str) -> None:
    """By which a job's own tasks and clusters are known."""
    if not _KEY.fullmatch(key):
        refuse(f"{field} {key!r} must be 1 to 100 letters, digits, '-' or '_'")


def check_new_cluster(spec: dict[str, Any]) -> None:
    """The rules of clusters, in the words the Jobs API finds for them."""
    for name in _NOT_FOR_JOBS:
        if name in spec:
            refuse(f"Cluster validation error: {name} is not supported in the new_cluster of a job")
    try:
        check_spec(spec)
    except MissingFieldError as error:
        # What is missing the policy may supply, once the cluster is made.
        if not spec.get("policy_id"):
            missing = MissingFieldError(f"settings.cluster_spec.new_cluster.{error.name}")
            message = f"Cluster validation error: {missing.message}"
            raise invalid(message) from error
    except ApiError as error:
        message = f"Cluster validation error: {error.message}"
        raise invalid(message) from error
