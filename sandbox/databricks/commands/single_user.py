"""A dedicated cluster runs the commands of its single user, and of nobody else, whatever rights they have."""
from __future__ import annotations

from sandbox.databricks.clusters.cluster import Cluster
from sandbox.databricks.clusters.cluster_view import access_mode
from sandbox.databricks.directory import Directory, PrincipalKind

_DEDICATED = "SINGLE_USER"


def single_user_problem(cluster: Cluster, user: str, directory: Directory) -> str:
    """Why `user` may not run anything on the cluster; empty if it may. Worded as users of the service report it.

    One that is dedicated to a group is open here: https://docs.databricks.com/compute/group-access.html.
    """
    single = cluster.spec.get("single_user_name") or cluster.creator
    if access_mode(cluster.spec) != _DEDICATED or single.lower() == user.lower():
        return ""
    if directory.find(PrincipalKind.GROUP, single) is not None:
        return ""
    return (f"Single-user check failed: user '{user}' attempted to run a command on single-user cluster "
            f"{cluster.cluster_id}, but the single user of this cluster is '{single}'")
