"""What a workspace answers about a cluster before it has caught up with having made it."""
from __future__ import annotations

from dataclasses import dataclass

from sandbox.databricks.clusters.cluster import Cluster
from sandbox.databricks.clusters.cluster_store import ClusterStore

_GET = "clusters/get"
_LIBRARIES = "libraries/cluster-status"


@dataclass
class FirstReads:
    """Switches for clusters that are made from now on; each concerns the first read of every one of them.

    `cluster_is_missing`: clusters/get does not know it. `libraries_are_missing`: libraries/cluster-status answers 404.
    `libraries_are_empty`: it tells of none. Clients are known to meet all three:
    https://github.com/databricks/terraform-provider-databricks/tree/main/libraries.
    """

    cluster_is_missing: bool = False
    libraries_are_missing: bool = False
    libraries_are_empty: bool = False

    def routes(self) -> frozenset[str]:
        """Which routes will not know of a new cluster when they are first asked."""
        late = self.libraries_are_missing or self.libraries_are_empty
        return frozenset({*([_GET] if self.cluster_is_missing else []), *([_LIBRARIES] if late else [])})


def misses_cluster(clusters: ClusterStore, cluster: Cluster) -> bool:
    """Whether clusters/get does not know the cluster yet; the next time it will."""
    return _misses(clusters, cluster, _GET)


def misses_libraries(clusters: ClusterStore, cluster: Cluster) -> bool:
    """As `misses_cluster`, of libraries/cluster-status."""
    return _misses(clusters, cluster, _LIBRARIES)


def _misses(clusters: ClusterStore, cluster: Cluster, route: str) -> bool:
    if route not in cluster.unseen_by:
        return False
    cluster.unseen_by -= {route}
    clusters.changed(cluster)
    return True
