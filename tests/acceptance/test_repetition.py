"""A run that did not get far is finished by the next one; a run that has nothing to do writes nothing."""
from __future__ import annotations

import pytest
import requests

from sandbox.http.faults import Fault
from sandbox.world.world import World
from tests.acceptance.team import Team

INSTALLED = {"mlflow-skinny==2.22.0", "pandas==2.2.3"}


def libraries_of(team: Team) -> set[str]:
    [cluster] = team.view.clusters()
    statuses = team.view.libraries(cluster["cluster_id"])
    return {status["library"]["pypi"]["package"] for status in statuses if status["status"] == "INSTALLED"}


@pytest.mark.parametrize(("method", "path"), [
    ("GET", "/api/2.1/clusters/spark-versions"), ("POST", "/api/2.1/clusters/create"),
    ("PUT", "/api/2.0/permissions/clusters/*"), ("POST", "/api/2.0/libraries/install"),
], ids=["before anything", "cluster", "permissions", "libraries"])
def test_next_run_finishes_what_a_failed_one_left(team: Team, world: World, method: str, path: str) -> None:
    world.workspaces["local"].faults.add(Fault(path, method=method, status=500))
    assert team.only_run().outcome == "failed"
    assert team.run_by_hand().outcome == "succeeded"
    assert libraries_of(team) == INSTALLED
    assert "CAN_ATTACH_TO     group data-science-leads" in team.cluster()


def test_lost_reply_of_create_makes_no_second_cluster(team: Team, world: World) -> None:
    world.workspaces["local"].faults.add(Fault("/api/2.1/clusters/create", when="after"))
    assert team.only_run().outcome == "succeeded"
    assert libraries_of(team) == INSTALLED


def test_throttling_is_waited_out(team: Team, world: World) -> None:
    throttled = Fault("/api/2.1/clusters/*", status=429, headers={"Retry-After": "0"}, times=3)
    world.workspaces["local"].faults.add(throttled)
    assert team.only_run().outcome == "succeeded"


def test_repeated_run_writes_nothing(team: Team) -> None:
    team.only_run()
    team.forget()
    assert team.run_by_hand().outcome == "succeeded"
    assert team.writes() == []


def test_dry_run_shows_the_plan_and_writes_nothing(team: Team) -> None:
    team.only_run()
    team.forget()
    team.edit(lambda config: config["cluster_parameters"].update(autotermination_minutes=90))
    team.send("Longer [skip ci]")
    assert team.run_by_hand(dryRun=True).outcome == "succeeded"
    assert "autotermination_minutes: 60 -> 90" in team.log()
    assert team.writes() == []


def test_dry_run_for_a_new_branch_creates_no_cluster(team: Team) -> None:
    team.edit(lambda config: config["cluster_parameters"].update(autotermination_minutes=90))
    team.send("Longer [skip ci]")
    assert team.run_by_hand(dryRun=True).outcome == "succeeded"
    assert team.view.clusters() == []


def test_stopped_cluster_is_started_again(team: Team, world: World) -> None:
    team.only_run()
    [cluster] = team.view.clusters()
    admin = {"Authorization": f"Bearer {world.workspaces['local'].token}"}
    requests.post(f"{world.databricks_hosts()['local']}/api/2.1/clusters/delete", headers=admin, timeout=30,
                  json={"cluster_id": cluster["cluster_id"]}).raise_for_status()
    assert "TERMINAT" in team.cluster()
    assert team.run_by_hand().outcome == "succeeded"
    assert "(RUNNING, " in team.cluster()
