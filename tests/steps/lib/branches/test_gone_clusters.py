from __future__ import annotations

import pytest

from steps.lib.branches.gone_clusters import BranchCluster, without_branch
from steps.lib.cluster.clusters import Cluster
from steps.lib.config.conventions import tag_value

LONG = f"feature/{'x' * 400}"
FOREIGN = "feature/日本"


def of(branch: str, **body: str) -> BranchCluster:
    return BranchCluster(Cluster({"cluster_id": "c", "cluster_name": "n", **body}), tag_value(branch))


@pytest.mark.parametrize("branch", ["feature/x", "feature/X", LONG, FOREIGN, "a&b#c"],
                         ids=["plain", "capital", "too long for a tag", "not of Latin-1", "odd"])
def test_cluster_stays_as_long_as_its_branch_is_there(branch: str) -> None:
    assert without_branch([of(branch)], ["main", branch]) == []


@pytest.mark.parametrize("other", ["feature/xy", "feature", "Feature/x", f"{LONG}y"])
def test_branch_of_another_name_keeps_no_cluster(other: str) -> None:
    clusters = [of("feature/x"), of(LONG)]
    assert without_branch(clusters, [other]) == clusters


def test_line_of_a_pinned_cluster_names_who_pinned_it() -> None:
    assert of("x", pinned_by_user_name="anna").line.startswith("unchanged: cluster 'n' (c) of branch 'x', which is")
    assert of("x").line.startswith("delete: ")
