"""When pushes start runs, and what a run leaves behind."""
from __future__ import annotations

import json
import time

from sandbox.world.world import World
from tests.acceptance.team import CONFIG, Team

# What a sandbox keeps of secrets, for its owner only.
PRIVATE = ("addresses.json", "credentials.json", "azure_devops.sqlite")


def change(team: Team, minutes: int) -> None:
    team.edit(lambda config: config["cluster_parameters"].update(autotermination_minutes=minutes))


def test_pushes_during_a_run_become_one_more_run(team: Team, world: World) -> None:
    for minutes in (30, 40, 50):
        change(team, minutes)
        team.send()
        time.sleep(0.05)
    assert [run.outcome for run in team.ended()] == ["succeeded", "succeeded"]
    assert "50 idle minutes" in team.cluster()
    assert world.organisation.runs.runs()[1].order.commit == team.person.git("rev-parse", "HEAD").strip()


def test_two_branches_at_once_get_a_cluster_each(team: Team) -> None:
    for minutes in (30, 40):
        team.switch(f"feature/{minutes}")
        change(team, minutes)
        team.send()
    assert [run.outcome for run in team.ended()] == ["succeeded", "succeeded"]
    assert [cluster["state"] for cluster in team.view.clusters()] == ["RUNNING", "RUNNING"]


def test_default_branch_starts_no_run(team: Team) -> None:
    team.switch("main")
    change(team, 30)
    assert team.push() == []


def test_commit_that_asks_to_skip_ci_starts_no_run(team: Team) -> None:
    change(team, 30)
    assert team.push("Tidy [skip ci]") == []


def test_the_run_carries_its_pusher_and_its_generated_files(team: Team) -> None:
    run = team.only_run()
    record = json.loads((run.folder / "result.json").read_text(encoding="utf-8"))
    assert record["requested_for"]["email"] == "anna@example.com"
    names = {path.name for path in (run.folder / "artifacts/generated_1").iterdir()}
    assert {"cluster_config.json", "libraries.json", "access_control_list.json"} <= names
    assert list((run.folder / "summaries").iterdir())


def test_no_secret_is_left_in_logs_records_or_repositories(team: Team, world: World) -> None:
    team.only_run()
    secret = world.principals["local"].client_secret.encode()
    private = [path for path in world.state.folder.iterdir() if path.name.startswith(PRIVATE)]
    assert [path for path in private if path.stat().st_mode & 0o077] == []
    files = [path for path in world.state.folder.rglob("*") if path.is_file() and path not in private]
    assert len(files) > 10
    assert [path for path in files if secret in path.read_bytes()] == []


def test_the_configuration_of_the_pushed_commit_counts_not_a_later_one(team: Team) -> None:
    change(team, 30)
    team.send()
    (team.person.folder / CONFIG).write_text("{}", encoding="utf-8")
    assert [run.outcome for run in team.ended()] == ["succeeded"]
    assert "30 idle minutes" in team.cluster()
