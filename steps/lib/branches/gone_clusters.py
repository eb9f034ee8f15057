"""Clusters that the cluster pipeline made for branches that do not exist any more."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from steps.lib import agent
from steps.lib.cluster.clusters import LIST, PAGE_SIZE, Cluster
from steps.lib.config.conventions import MANAGED_BY, shared_identity, tag_value
from steps.lib.databricks.client import Databricks
from steps.lib.databricks.errors import (
    BadRequest,
    DatabricksError,
    InvalidState,
    PermissionDenied,
    ResourceConflict,
    ResourceDoesNotExist,
)
from steps.lib.target_environment import TargetEnvironment

DELETE = "/api/2.1/clusters/permanent-delete"
_REFUSALS = (BadRequest, InvalidState, PermissionDenied, ResourceConflict)


@dataclass(frozen=True)
class BranchCluster:
    """A cluster with our tags. `branch` is what its tag says: the exact name, or for a long one its beginning."""

    cluster: Cluster
    branch: str

    @property
    def pinned_by(self) -> str:
        """Who pinned it, so that it stays; empty where nobody did."""
        return str(self.cluster.body.get("pinned_by_user_name") or "")

    @property
    def line(self) -> str:
        text = f"cluster {self.cluster.name!r} ({self.cluster.cluster_id}) of branch {self.branch!r}, which is gone"
        if self.pinned_by:
            return f"unchanged: {text}, but {self.pinned_by} pinned it; unpin it and run again, or delete it by hand"
        return f"delete: {text}"


def branch_clusters(databricks: Databricks, repository: str) -> list[BranchCluster]:
    """Those of the local environment with our tags for exactly this repository.

    The cluster that jobs share is never among them: no branch is called as it says.
    """
    tags = {"environment": TargetEnvironment.LOCAL.value, "repo": tag_value(repository), "managed_by": MANAGED_BY}
    shared = tag_value(shared_identity(TargetEnvironment.LOCAL, repository).branch)
    query = {"page_size": PAGE_SIZE, "filter_by.cluster_sources": ("UI", "API")}
    found = map(Cluster, databricks.pages(LIST, "clusters", query))
    ours = [BranchCluster(cluster, str(cluster.body["custom_tags"].get("branch") or "")) for cluster in found
            if cluster.has_tags(tags)]
    return [one for one in ours if one.branch not in ("", shared)]


def without_branch(clusters: Sequence[BranchCluster], branches: Iterable[str]) -> list[BranchCluster]:
    """Those whose branch is none of `branches`, names without `refs/heads/`."""
    known = set(map(tag_value, branches))
    return [one for one in clusters if one.branch not in known]


def delete(databricks: Databricks, one: BranchCluster) -> str:
    """Delete it for good; what stands in the way, for people, or an empty text."""
    cluster_id = one.cluster.cluster_id
    agent.info(f"delete cluster {cluster_id} of branch {one.branch!r}, in {databricks.host}")
    try:
        databricks.post(DELETE, {"cluster_id": cluster_id}, repeatable=True)
    except ResourceDoesNotExist:
        agent.info("  it is gone already")
    except _REFUSALS as error:
        return _problem(one, error)
    return ""


def _problem(one: BranchCluster, error: DatabricksError) -> str:
    return f"cluster {one.cluster.name!r} ({one.cluster.cluster_id}) of branch {one.branch!r} stays: {error}"
