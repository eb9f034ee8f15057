"""clusters/list: who sees which clusters, and what filters and orders find."""
from __future__ import annotations

import pytest

from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.clusters.test_cluster_list import names
from tests.sandbox.databricks.conftest import Client


def test_foreign_clusters_are_seen_unless_they_are_hidden(workspace: Workspace, stranger: Client) -> None:
    workspace.add_foreign_clusters(1, name="open")
    workspace.add_foreign_clusters(1, name="closed", visible=False)
    assert names(stranger) == ["open"]


def test_admin_sees_what_nobody_was_let_in_to(workspace: Workspace, admin: Client) -> None:
    """B17: the same list under another identity."""
    workspace.add_foreign_clusters(1, visible=False)
    assert len(names(admin)) == 1


def test_one_sees_what_one_has_made(owner: Client) -> None:
    """B17: no group lets its creator see a new cluster."""
    owner.create()
    assert names(owner) == ["ours"]


@pytest.mark.parametrize("others", [0, 30], ids=["few", "many"])
def test_filter_by_policy_finds_its_clusters(workspace: Workspace, admin: Client, others: int) -> None:
    """B9: however many others there are."""
    workspace.add_foreign_clusters(others)
    for policy_id in ("P1", "P2"):
        workspace.add_foreign_clusters(1, name=policy_id, policy_id=policy_id)
    assert [names(admin, **{"filter_by.policy_id": policy_id}) for policy_id in ("P1", "P2", "P3")] == [
        ["P1"], ["P2"], []]


@pytest.mark.parametrize("others", [0, 30], ids=["few", "many"])
def test_filters_hold_together(workspace: Workspace, admin: Client, others: int) -> None:
    """B9: what is told fits each of them."""
    workspace.add_foreign_clusters(others)
    workspace.add_foreign_clusters(1, name="both", state="RUNNING", policy_id="P")
    workspace.add_foreign_clusters(1, name="policy", policy_id="P")
    workspace.add_foreign_clusters(1, name="state", state="RUNNING")
    assert names(admin, **{"filter_by.policy_id": "P", "filter_by.cluster_states": "RUNNING"}) == ["both"]
    assert names(admin, **{"filter_by.is_pinned": "false", "filter_by.cluster_states": "RUNNING"}) == ["both", "state"]


@pytest.mark.parametrize("others", [0, 30], ids=["few", "many"])
def test_sorts_by_name_in_both_directions(workspace: Workspace, admin: Client, others: int) -> None:
    workspace.add_foreign_clusters(others)
    for name in ("b", "c", "a"):
        workspace.add_foreign_clusters(1, name=name, policy_id="P")
    query = {"filter_by.policy_id": "P", "sort_by.field": "CLUSTER_NAME"}
    assert names(admin, **query) == ["a", "b", "c"]
    assert names(admin, **query, **{"sort_by.direction": "DESC"}) == ["c", "b", "a"]
    assert names(admin, **{"filter_by.policy_id": "P"}) == ["b", "c", "a"]
