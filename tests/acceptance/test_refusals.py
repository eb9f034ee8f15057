"""What cannot work ends in a red run that says why, and changes nothing."""
from __future__ import annotations

import pytest

from sandbox.azure_devops.projects.library import VariableGroup, resource_of
from sandbox.azure_devops.runs.run_queue import Run
from sandbox.databricks.clusters.cluster import TerminationReason
from sandbox.pipelines.request import Variable
from sandbox.world.furnish import LISTENER, PRODUCT
from sandbox.world.world import World
from tests.acceptance.team import Team

GROUP = "brickline-local"
CLUSTER_NAME = "local-churn-feature-first-model-5636e68b"


def errors_of(run: Run) -> str:
    """The lines of the log that the run's page would show in red, and what the engine itself refused."""
    log = (run.folder / "log.txt").read_text(encoding="utf-8")
    red = [line.partition("##[error]")[2] for line in log.splitlines() if "##[error]" in line]
    assert run.outcome == "failed"
    return "\n".join([*red, *filter(None, [run.result.error if run.result else None])])


def change_group(world: World, **variables: Variable | None) -> None:
    merged = {**world.organisation.home.library.groups[GROUP].variables, **variables}
    kept = {name: variable for name, variable in merged.items() if variable is not None}
    world.organisation.home.library.put_group(VariableGroup(GROUP, kept))


def test_wrong_secret_is_said_and_never_shown(team: Team, world: World) -> None:
    change_group(world, entraClientSecret=Variable("not-the-secret", secret=True))
    run = team.only_run()
    assert "AADSTS7000215" in errors_of(run)
    assert "not-the-secret" not in (run.folder / "log.txt").read_text(encoding="utf-8")
    assert team.writes() == []


@pytest.mark.parametrize("name", ["entraTenantId", "entraClientId", "entraClientSecret"])
def test_variable_missing_in_the_group_is_named(team: Team, world: World, name: str) -> None:
    change_group(world, **{name: None})
    assert name.lower() in errors_of(team.only_run()).lower().replace("_", "")
    assert team.writes() == []


def test_pipeline_without_authorisation_for_the_group_does_not_run(team: Team, world: World) -> None:
    library = world.organisation.home.library
    pipeline = next(one for one in library.of_repository(PRODUCT) if one.yaml_path == LISTENER)
    library.authorise(pipeline, resource_of(library.groups[GROUP]), authorised=False)
    assert GROUP in errors_of(team.only_run())


def test_unreachable_workspace_is_named_with_the_file_to_edit(team: Team, world: World) -> None:
    server = world.servers["databricks/local"]
    host = server.url
    server.stop()
    errors = errors_of(team.only_run())
    assert host in errors
    assert "teams/data_science/workspaces.json" in errors


def test_foreign_cluster_of_our_name_is_never_touched(team: Team, world: World) -> None:
    world.workspaces["local"].add_foreign_clusters(1, name=CLUSTER_NAME)
    assert CLUSTER_NAME in errors_of(team.only_run())
    assert team.writes() == []


def test_cluster_that_cannot_start_says_the_services_reason(team: Team, world: World) -> None:
    reason = TerminationReason("AZURE_QUOTA_EXCEEDED_EXCEPTION", "CLIENT_ERROR", {"azure_error_code": "QuotaExceeded"})
    world.workspaces["local"].fail_next_start(reason)
    assert "AZURE_QUOTA_EXCEEDED_EXCEPTION" in errors_of(team.only_run())


def test_library_that_cannot_be_installed_says_the_services_message(team: Team, world: World) -> None:
    world.workspaces["local"].fail_library("pandas", "No matching distribution found for pandas==2.2.3")
    assert "No matching distribution found" in errors_of(team.only_run())


def test_broken_json_is_told_with_line_and_column(team: Team) -> None:
    (team.person.folder / "cluster_and_libraries_config.json").write_text('{\n  "a": 1,\n}\n', encoding="utf-8")
    [run] = team.push()
    assert "cluster_and_libraries_config.json:3:" in errors_of(run)
    assert team.writes() == []


def test_broken_listener_fails_with_its_line(team: Team) -> None:
    (team.person.folder / "pipelines_definitions/pipeline_cluster.yml").write_text("trigger: [\n", encoding="utf-8")
    [run] = team.push()
    assert "pipelines_definitions/pipeline_cluster.yml (Line: " in errors_of(run)
