from __future__ import annotations

import json
import stat
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.azure_devops.projects.library import resource_of
from sandbox.databricks.directory import PrincipalKind
from sandbox.world.furnish import LISTENER, is_set_up
from sandbox.world.people import ANNA
from sandbox.world.project_files import release_tag
from sandbox.world.state import StateError
from sandbox.world.world import World
from tests.set_up import set_up


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path / "state") as world:
        yield world


def addresses(folder: Path) -> dict[str, dict[str, Any]]:
    data: dict[str, dict[str, Any]] = json.loads((folder / "addresses.json").read_text(encoding="utf-8"))
    return data


def test_addresses_are_for_the_owner_only_and_gone_afterwards(tmp_path: Path) -> None:
    with World(tmp_path):
        assert stat.S_IMODE((tmp_path / "addresses.json").stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / "credentials.json").stat().st_mode) == 0o600
    assert not (tmp_path / "addresses.json").exists()


def test_clone_urls_tokens_and_release_outlive_a_restart(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        first, refs = addresses(tmp_path), world.organisation.home.repositories["cicd"].refs()
    with World(tmp_path) as world:
        second = addresses(tmp_path)
        assert world.organisation.home.repositories["cicd"].refs() == refs
    assert (second["azure_devops"], second["entra"]) == (first["azure_devops"], first["entra"])


def test_workspaces_that_began_with_small_ids_go_on_with_them(tmp_path: Path) -> None:
    ids = []
    for are_small in (True, False):
        with World(tmp_path, small_ids=are_small) as world:
            dev = world.workspaces["dev"].state
            with dev.lock:
                ids.append(dev.jobs.new_id())
    assert ids[0] < ids[1] < 2**53


def test_workspaces_and_who_may_enter_them_outlive_a_restart(tmp_path: Path) -> None:
    shown = []
    for way in ("host", "https"):
        with World(tmp_path) as world:
            dev = addresses(tmp_path)["databricks"]["dev"]
            shown.append(requests.get(dev[way] + "/api/2.0/preview/scim/v2/Users", timeout=30,
                                      verify=str(world.tls.ca_file),
                                      headers={"Authorization": f"Bearer {dev['token']}"}).json())
    assert shown[0] == shown[1]
    assert shown[0]["totalResults"] > 1


def test_who_was_removed_from_a_workspace_stays_away(tmp_path: Path) -> None:
    for _ in range(2):
        with World(tmp_path) as world:
            directory = world.workspaces["dev"].state.directory
            anna = directory.find(PrincipalKind.USER, ANNA.email)
            if anna is not None:
                with world.workspaces["dev"].state.lock:
                    directory.remove(anna)
    assert anna is None


def test_jobs_of_a_workspace_run_on_their_schedules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.world.world._TICK_SECONDS", 0.02)
    job = {"name": "hourly", "schedule": {"quartz_cron_expression": "0 0 * * * ?", "timezone_id": "UTC"},
           "tasks": [{"task_key": "run", "notebook_task": {"notebook_path": "/Shared/run"}, "new_cluster": {
               "spark_version": "16.4.x-scala2.12", "node_type_id": "Standard_DS3_v2", "num_workers": 1}}]}
    with World(tmp_path) as world:
        dev = addresses(tmp_path)["databricks"]["dev"]
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {dev['token']}"
            session.post(f"{dev['host']}/api/2.2/jobs/create", json=job, timeout=30)
            world.clock.advance(3600)
            for _ in range(500):
                runs = session.get(f"{dev['host']}/api/2.2/jobs/runs/list", timeout=30).json().get("runs", [])
                if runs:
                    break
                time.sleep(0.02)
    assert [run["trigger"] for run in runs] == ["PERIODIC"]


def test_second_world_on_the_same_folder_is_refused(world: World) -> None:
    with pytest.raises(StateError, match=r"in use by process \d+"):
        World(world.state.folder).__enter__()


def test_release_points_the_teams_to_the_sandbox(world: World) -> None:
    repository = world.organisation.home.repositories["cicd"]
    content = repository.read(f"refs/tags/{release_tag()}", "teams/data_science/workspaces.json")
    team = json.loads(content or b"")
    assert {name: team[name]["host"] for name in ("local", "dev", "test", "prod")} == world.databricks_hosts()
    assert team["entra_authority"] == world.authority


def test_first_commit_of_the_library_is_the_project_as_it_is(world: World) -> None:
    repository = world.organisation.home.repositories["cicd"]
    changed = repository.changed_paths("main~1", "main", known=[])
    assert changed == ["teams/data_engineering/workspaces.json", "teams/data_science/workspaces.json"]


def test_the_product_is_empty_until_the_set_up(world: World) -> None:
    assert world.organisation.home.repositories["churn"].refs() == {}
    assert not is_set_up(world)
    set_up(world)
    assert is_set_up(world)


def test_set_up_leaves_no_placeholder(world: World) -> None:
    set_up(world)
    listener = world.organisation.home.repositories["churn"].read("main", "pipelines_definitions/pipeline_cluster.yml")
    assert listener is not None
    assert b"{{" not in listener.replace(b"${{", b"")
    assert f"refs/tags/{release_tag()}".encode() in listener


def test_set_up_outlives_a_restart(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        set_up(world)
        before = organisation_of(world)
    with World(tmp_path) as world:
        assert is_set_up(world)
        assert organisation_of(world) == before


def organisation_of(world: World) -> list[object]:
    """Everything that a set-up leaves in the organisation."""
    library, protection = world.organisation.home.library, world.organisation.checkpoint.protection
    resources = [*map(resource_of, library.groups.values()), *map(resource_of, library.environments)]
    return [library.pipelines, library.environments, [protection.of(one) for one in resources],
            [library.permissions.of(world.organisation.home.id, one) for one in resources]]


def test_every_environment_has_its_own_principal_and_group(world: World) -> None:
    groups = world.organisation.home.library.groups
    assert sorted(groups) == [f"brickline-{name}" for name in ("dev", "local", "prod", "setup", "test")]
    assert len({group.variables["entraClientId"].value for group in groups.values()}) == 5
    assert all(group.variables["entraClientSecret"].secret for group in groups.values())


def test_listener_may_use_the_group_of_local_only(world: World) -> None:
    set_up(world)
    pipeline = next(one for one in world.organisation.home.library.of_repository("churn") if one.yaml_path == LISTENER)
    assert list(world.organisation.home.library.groups_of(pipeline)) == ["brickline-local"]


def test_agents_see_nothing_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRICKLINE_HOST_SECRET", "x")
    monkeypatch.setenv("PIP_INDEX_URL", "https://pypi.example.test")
    with World(tmp_path) as world:
        machine = world.organisation.machine
    names = {name for name in machine if not name.startswith("PIP_")}
    assert names == {"PATH", "HOME", "LANG", "REQUESTS_CA_BUNDLE"}
    assert machine["PIP_INDEX_URL"] == "https://pypi.example.test"


def test_workspaces_know_everyone_the_teams_name(world: World) -> None:
    local = addresses(world.state.folder)["databricks"]["local"]
    answer = requests.get(f"{local['host']}/api/2.0/preview/scim/v2/Groups", timeout=30,
                          headers={"Authorization": f"Bearer {local['token']}"})
    names = {group["displayName"] for group in answer.json()["Resources"]}
    assert {"data-science-leads", "churn-team", "admins", "users"} <= names


def test_workspaces_are_separate(world: World) -> None:
    world.workspaces["dev"].add_foreign_clusters(1)
    assert not world.workspaces["local"].state.clusters


@pytest.mark.parametrize(("resource", "status"), [
    ("499b84ac-1321-427f-aa17-267ca6975798", 200), ("2ff814a6-3304-4ab8-85cb-cd0e6f879c1d", 401),
], ids=["for Azure DevOps", "for Databricks"])
def test_entra_token_opens_repositories_only_if_made_for_azure_devops(world: World, resource: str, status: int) -> None:
    principal = world.principals["setup"]
    answer = requests.post(f"{world.authority}/{world.tenant.tenant_id}/oauth2/v2.0/token", timeout=30,
                           verify=str(world.tls.ca_file),
                           data={"grant_type": "client_credentials", "scope": f"{resource}/.default",
                                 "client_id": principal.client_id, "client_secret": principal.client_secret})
    url = f"{world.organisation.git_url('churn')}/info/refs?service=git-upload-pack"
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert requests.get(url, headers=bearer, timeout=30).status_code == status


def test_advanced_clock_stays_advanced_over_a_restart(tmp_path: Path) -> None:
    with World(tmp_path):
        admin = addresses(tmp_path)["admin"]["url"]
        assert requests.post(f"{admin}/clock", json={"advance": 86_400}, timeout=30).status_code == 200
    with World(tmp_path) as world:
        assert 86_000 < world.workspaces["dev"].state.clock.now() - time.time() < 87_000


def test_two_who_advance_the_clock_at_the_same_time_both_do(world: World) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(world.clock.advance, [1.0] * 200))
    assert world.clock.ahead == 200
    assert world.state.read("clock.json") == {"ahead": 200}


def test_nothing_is_left_open_where_it_cannot_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: World) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sandbox.world.world.furnish", fail)
    made = World(tmp_path)
    with pytest.raises(OSError, match="No space left"):
        made.__enter__()
    assert [server._listener.fileno() for server in made.servers.values()] == [-1] * 7


def test_admin_service_adjusts_every_workspace(world: World) -> None:
    admin = addresses(world.state.folder)["admin"]["url"]
    requests.patch(f"{admin}/settings/test", json={"strict": True}, timeout=30)
    assert [name for name, one in world.workspaces.items() if one.state.strict] == ["test"]
