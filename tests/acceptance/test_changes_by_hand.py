"""Somebody changed the cluster in the workspace: the next run brings it back, or says who has to decide."""
from __future__ import annotations

from typing import Any

import pytest
import requests

from sandbox.world.world import World
from tests.acceptance.team import Team


def by_hand(team: Team, world: World, call: str, **changed: object) -> dict[str, Any]:
    """An admin calls clusters/`call` for the branch's cluster; an edit sends what was last sent, with changes."""
    [cluster] = team.view.clusters()
    host, admin = world.databricks_hosts()["local"], {"Authorization": f"Bearer {world.workspaces['local'].token}"}
    query = {"cluster_id": cluster["cluster_id"]}
    spec = requests.get(f"{host}/api/2.1/clusters/get", query, headers=admin, timeout=30).json()["spec"]
    body = {**(spec if call == "edit" else {}), **changed, **query}
    requests.post(f"{host}/api/2.1/clusters/{call}", json=body, headers=admin, timeout=30).raise_for_status()
    team.forget()
    return cluster


@pytest.mark.parametrize(("call", "changed", "told"), [
    ("edit", {"spark_conf": {"spark.x": "1"}}, 'spark_conf["spark.x"]: "1" -> (none)'),
    ("edit", {"cluster_name": "mine"}, 'cluster_name: "mine" ->'),
    ("resize", {"num_workers": 2}, "autoscale.max_workers: (none) -> 5"),
    ("delete", {}, "start: cluster"),
    ("permanent-delete", {}, "create: cluster"),
], ids=["edited", "renamed", "resized", "stopped", "deleted"])
def test_the_next_run_brings_it_back(
        team: Team, world: World, call: str, changed: dict[str, object], told: str) -> None:
    team.only_run()
    wanted = team.cluster()
    by_hand(team, world, call, **changed)
    assert team.run_by_hand().outcome == "succeeded"
    assert told in team.log()
    assert team.cluster() == wanted


def test_pinning_is_nobodys_business(team: Team, world: World) -> None:
    team.only_run()
    by_hand(team, world, "pin")
    assert team.run_by_hand().outcome == "succeeded"
    assert team.writes() == []


def test_a_cluster_without_its_tags_is_not_ours_until_they_are_back(team: Team, world: World) -> None:
    team.only_run()
    tags = by_hand(team, world, "edit", custom_tags={})["custom_tags"]
    assert team.run_by_hand().outcome == "failed"
    assert "give it back the tags environment, repo, branch, managed_by" in team.log()
    assert team.writes() == []
    by_hand(team, world, "edit", custom_tags=tags)
    assert team.run_by_hand().outcome == "succeeded"
