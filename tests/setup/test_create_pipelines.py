"""`create_pipelines` against a live organisation that `bootstrap` made ready, as the set-up's own principal."""
from __future__ import annotations

import pytest
import requests

from sandbox.azure_devops.projects.library import Environment, Pipeline, resource_of
from sandbox.azure_devops.security.namespaces import BUILD, ENVIRONMENT, build_token, environment_token
from sandbox.azure_devops.security.roles import ADMINISTRATOR, give_role
from sandbox.http.faults import Fault
from sandbox.pipelines.request import Identity
from setup.create_pipelines import step
from tests.setup.bench import PRINCIPAL, SetupBench

PIPELINES = {"churn-cluster": "pipelines_definitions/pipeline_cluster.yml",
             "churn-jobs": "pipelines_definitions/pipeline_jobs.yml"}


@pytest.fixture
def ready(bench: SetupBench, capsys: pytest.CaptureFixture[str]) -> SetupBench:
    """With everything an administrator gives, and an empty log."""
    bench.repository(files={"README.md": b"churn\n"})
    assert bench.bootstrap() == 0
    bench.organisation.log.clear()
    capsys.readouterr()
    return bench


def pipelines(bench: SetupBench) -> dict[str, str]:
    return {one.name: one.yaml_path for one in bench.analytics.library.of_repository("churn")}


def users(bench: SetupBench, kind: str, name: str) -> set[str]:
    """Names of the pipelines that may use a resource of the project."""
    library = bench.analytics.library
    resource = library.resource(kind, name)
    assert resource is not None
    numbers = library.permissions.of(bench.analytics.id, resource).pipelines
    return {one.name for one in library.pipelines if one.id in numbers}


def kinds(bench: SetupBench, environment: str) -> list[str]:
    resource = bench.analytics.library.resource("environment", environment)
    assert resource is not None
    return sorted(type(one).__name__ for one in bench.organisation.checkpoint.protection.of(resource))


def test_pipelines_are_created_from_their_yaml_and_nothing_runs(ready: SetupBench) -> None:
    assert ready.run(step) == 0
    assert pipelines(ready) == PIPELINES
    assert ready.organisation.runs.runs() == []


def test_environments_are_guarded_as_the_team_file_says(ready: SetupBench) -> None:
    assert ready.run(step) == 0
    assert kinds(ready, "churn-dev") == ["BranchControl", "ExclusiveLock", "RequiredTemplate"]
    assert kinds(ready, "churn-prod") == ["Approval", "BranchControl", "ExclusiveLock", "RequiredTemplate"]


@pytest.mark.parametrize(("kind", "name", "expected"), [
    ("variablegroup", "brickline-dev", {"churn-jobs"}), ("variablegroup", "brickline-prod", {"churn-jobs"}),
    ("environment", "churn-prod", {"churn-jobs"}), ("queue", "Azure Pipelines", {"churn-cluster", "churn-jobs"}),
], ids=["dev", "prod", "environment", "agents"])
def test_exactly_the_pipelines_that_need_a_resource_may_use_it(
        ready: SetupBench, kind: str, name: str, expected: set[str]) -> None:
    assert ready.run(step) == 0
    assert users(ready, kind, name) == expected


def test_the_librarys_repository_is_opened_to_these_two_pipelines_only(ready: SetupBench) -> None:
    assert ready.run(step) == 0
    permissions = ready.analytics.library.permissions
    known = permissions.of(ready.analytics.id, ready.platform.repository_resource("cicd"))
    assert (len(known.pipelines), known.everyone) == (2, False)


def test_second_run_sends_no_write_and_says_so(ready: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    assert ready.run(step) == 0
    ready.organisation.log.clear()
    capsys.readouterr()
    assert ready.run(step) == 0
    assert ready.writes() == []
    assert "create pipelines: 16 already there" in capsys.readouterr().out


def test_dry_run_shows_the_plan_and_sends_no_write(ready: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    assert ready.run(step, DRY_RUN="True") == 0
    assert ready.writes() == []
    assert "to be created  environment churn-prod" in capsys.readouterr().out
    assert pipelines(ready) == {}


def test_what_somebody_loosened_is_set_right(ready: SetupBench) -> None:
    assert ready.run(step) == 0
    records = ready.organisation.checkpoint.protection.records
    prod = ready.analytics.library.resource("environment", "churn-prod")
    assert prod is not None
    records.forget(prod)
    assert ready.run(step) == 0
    assert kinds(ready, "churn-prod") == ["Approval", "BranchControl", "ExclusiveLock", "RequiredTemplate"]


def test_a_pipeline_of_our_name_that_is_not_ours_is_left_and_named(
        ready: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    ready.repository("other", {"ci.yml": b"steps: []\n"})
    ready.analytics.library.put_pipeline(Pipeline(0, "churn-jobs", "other", "ci.yml"))
    assert ready.run(step) == 2
    assert "pipeline 'churn-jobs' is there and runs 'ci.yml'" in capsys.readouterr().out
    assert ready.writes() == []


def test_an_approver_nobody_knows_is_named_with_the_line(
        ready: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    assert ready.run(step, TEAM="data_engineering") == 2
    out = capsys.readouterr().out
    assert "teams/data_engineering/environments.json:17: approver 'data-engineering-release-approvers'" in out
    assert ready.writes() == []


def test_without_bootstrap_every_missing_group_is_named(
        bench: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.repository(files={"README.md": b"churn\n"})
    assert bench.run(step, AZURE_DEVOPS_EXT_PAT="admins-token") == 2
    out = capsys.readouterr().out
    assert all(f"variable group 'brickline-{name}' is missing" in out for name in ("local", "dev", "test", "prod"))
    assert bench.writes() == []


LOST = [
    pytest.param("*/build/Definitions", "POST", id="pipeline"),
    pytest.param("*/distributedtask/environments", "POST", id="environment"),
    pytest.param("*/pipelines/checks/configurations", "POST", id="check"),
    pytest.param("*/pipelines/pipelinePermissions", "PATCH", id="permissions"),
]


@pytest.mark.parametrize(("path", "method"), LOST)
def test_after_a_lost_reply_a_second_run_finishes_without_doubles(ready: SetupBench, path: str, method: str) -> None:
    ready.organisation.faults.add(Fault(path, method=method, when="after"))
    ready.run(step)
    assert ready.organisation.faults.waiting() == []
    assert ready.run(step) == 0
    assert pipelines(ready) == PIPELINES
    assert kinds(ready, "churn-prod") == ["Approval", "BranchControl", "ExclusiveLock", "RequiredTemplate"]
    assert users(ready, "environment", "churn-prod") == {"churn-jobs"}


def test_a_double_that_somebody_else_takes_away_first_is_no_failure(ready: SetupBench) -> None:
    assert ready.run(step) == 0
    prod = ready.analytics.library.resource("environment", "churn-prod")
    assert prod is not None
    records = ready.organisation.checkpoint.protection.records
    for record in list(records.of(prod)):
        records.add(record)
    ready.organisation.faults.add(Fault("*/configurations/*", method="DELETE", when="after"))
    assert ready.run(step) == 0
    assert kinds(ready, "churn-prod") == ["Approval", "BranchControl", "ExclusiveLock", "RequiredTemplate"]


def test_an_environment_that_appears_meanwhile_is_taken(ready: SetupBench) -> None:
    """As another set-up run makes it, which acts as the same principal."""
    made = ready.analytics.library.put_environment(Environment("churn-dev"))
    token, member = environment_token(ready.analytics.id, made.id), ready.organisation.directory.find(PRINCIPAL)
    assert member is not None
    give_role(ready.organisation.access, ENVIRONMENT, token, member, ADMINISTRATOR)
    ready.organisation.faults.add(Fault("*/distributedtask/environments", method="GET", status=200,
                                        headers={"Content-Type": "application/json"}, body=b'{"count":0,"value":[]}'))
    assert ready.run(step) == 0
    assert [one.name for one in ready.analytics.library.environments] == ["churn-dev", "churn-test", "churn-prod"]


def test_an_environment_open_to_everyone_is_told(ready: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    assert ready.run(step) == 0
    library = ready.analytics.library
    prod = library.environment("churn-prod")
    assert prod is not None
    library.permissions.open(ready.analytics.id, resource_of(prod))
    assert ready.run(step) == 0
    assert "differs        use of environment churn-prod" in capsys.readouterr().out


def test_throttling_is_waited_out(ready: SetupBench) -> None:
    ready.organisation.faults.add(Fault("*/build/Definitions", method="GET", status=429,
                                        headers={"Retry-After": "3"}, body=b"TF400733"))
    assert ready.run(step) == 0
    assert sum(ready.clock.slept) >= 3


def edited(bench: SetupBench, person: Identity) -> int:
    """The status of an edit of the cluster pipeline that gives it a variable of its own."""
    [pipeline] = [one for one in bench.analytics.library.pipelines if one.name == "churn-cluster"]
    url = f"{bench.url}/analytics/_apis/build/definitions/{pipeline.id}?api-version=7.1"
    with requests.Session() as session:
        session.auth = ("", f"{person.name}s-token")
        body = {**session.get(url, timeout=30).json(), "variables": {"PYTHONPATH": {"value": "evil"}}}
        return session.put(url, json=body, timeout=30).status_code


def test_contributors_cannot_edit_what_holds_secrets_and_administrators_can(ready: SetupBench) -> None:
    anna, directory = Identity("annas", "anna@example.com"), ready.organisation.directory
    group = directory.find("[analytics]\\Contributors")
    assert group is not None
    directory.join(directory.add_user(anna), group)
    ready.organisation.accounts.add(anna, "annass-token")
    assert ready.run(step) == 0
    assert (edited(ready, anna), edited(ready, Identity("admin", ""))) == (403, 200)


def test_variables_of_a_pipelines_page_are_told(ready: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    assert ready.run(step) == 0
    assert edited(ready, Identity("admin", "")) == 200
    assert ready.run(step) == 0
    assert "has variables of its own (PYTHONPATH), which reach every step, expected none" in capsys.readouterr().out


def test_editing_that_somebody_opened_is_closed_again(ready: SetupBench) -> None:
    assert ready.run(step) == 0
    access, group = ready.organisation.access, ready.organisation.directory.find("[analytics]\\Contributors")
    assert group is not None
    tokens = [build_token(ready.analytics.id, one.id) for one in ready.analytics.library.of_repository("churn")]
    for token in tokens:
        access.grant(BUILD, token, group, allow=BUILD.bits["EditBuildDefinition"])
    assert ready.run(step) == 0
    assert not any(access.allows(BUILD, token, group, "EditBuildDefinition") for token in tokens)
