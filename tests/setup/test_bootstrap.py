"""`bootstrap` against a live organisation, where something goes wrong in the middle."""
from __future__ import annotations

from dataclasses import replace

import pytest

from sandbox.azure_devops.projects.library import Pipeline
from sandbox.azure_devops.security.namespaces import GIT, repository_token
from sandbox.http.faults import Fault
from sandbox.pipelines.request import Variable
from setup.lib.pipelines.wanted import JOBS
from tests.setup.bench import SetupBench

LOCAL = "aaaaaaaa-0000-0000-0000-000000000001"
GROUPS = ["brickline-dev", "brickline-local", "brickline-prod", "brickline-test"]
TAKEN = b'{"message":"Variable group with name x already exists.","typeKey":"VariableGroupExistsException"}'
JSON = {"Content-Type": "application/json"}


def groups(bench: SetupBench) -> list[str]:
    return sorted(one.name for one in bench.analytics.library.groups.values())


def test_a_name_in_another_case_is_no_second_project(bench: SetupBench) -> None:
    cicd = {"project": "Platform", "repository": "CICD"}
    assert bench.bootstrap(cicd=cicd, projects=["Analytics", "ANALYTICS"]) == 0
    assert groups(bench) == GROUPS


def test_what_another_bootstrap_made_meanwhile_is_taken(bench: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.organisation.faults.add(Fault("*/variablegroups", "POST", status=409, body=TAKEN, headers=JSON))
    assert bench.bootstrap() == 0
    assert "is there meanwhile, made by somebody else" in capsys.readouterr().out
    assert groups(bench) == GROUPS


def test_what_never_becomes_as_needed_is_no_success(bench: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.organisation.faults.add(Fault("*/variablegroups", "POST", status=409, body=TAKEN, headers=JSON, times=None))
    assert bench.bootstrap() == 1
    assert "did not become as needed, as the list says; run bootstrap again" in capsys.readouterr().err


def test_a_lost_reply_is_made_good_by_the_next_run(bench: SetupBench) -> None:
    bench.organisation.faults.add(Fault("*/variablegroups", "POST", when="after"))
    assert bench.bootstrap() == 1
    assert bench.bootstrap() == 0
    bench.organisation.log.clear()
    assert bench.bootstrap() == 0
    assert (groups(bench), bench.writes()) == (GROUPS, [])


def test_a_plan_sends_no_write(bench: SetupBench) -> None:
    assert bench.bootstrap("--plan") == 0
    assert bench.writes() == []


def set_up(bench: SetupBench, name: str = "churn") -> None:
    """A product as the set-up leaves it, as far as this matters."""
    bench.repository(name, {"README.md": b"1\n"})
    bench.analytics.library.put_pipeline(Pipeline(0, f"{name}-jobs", name, JOBS.yaml_path))


def force_push_of_local(bench: SetupBench, ref: str, name: str = "churn") -> bool:
    return force_push_of(bench, LOCAL, ref, name)


def force_push_of(bench: SetupBench, who: str, ref: str, name: str = "churn") -> bool:
    principal = bench.organisation.directory.find(who)
    record = bench.analytics.repositories.record(name)
    assert principal is not None
    assert record is not None
    token = repository_token(bench.analytics.id, record.id, ref)
    return bench.organisation.access.allows(GIT, token, principal, "ForcePush")


def test_merged_branches_of_a_product_may_be_deleted_and_no_others(bench: SetupBench) -> None:
    bench.organisation.directory.add_service_principal(LOCAL, "brickline-local")
    set_up(bench)
    bench.repository("theirs", {"README.md": b"1\n"})
    assert bench.bootstrap() == 0
    assert force_push_of_local(bench, "refs/heads/feature/x")
    assert not any(force_push_of_local(bench, ref) for ref in ("refs/heads/main", "refs/heads/other", ""))
    assert not force_push_of_local(bench, "refs/heads/feature/x", "theirs")
    bench.organisation.log.clear()
    assert bench.bootstrap() == 0
    assert bench.writes() == []


def test_principals_of_other_environments_delete_no_branch(bench: SetupBench) -> None:
    for number in range(1, 6):
        bench.organisation.directory.add_service_principal(LOCAL[:-1] + str(number), f"principal {number}")
    set_up(bench)
    assert bench.bootstrap() == 0
    allowed = [number for number in range(1, 6)
               if force_push_of(bench, LOCAL[:-1] + str(number), "refs/heads/feature/x")]
    assert allowed == [1]


def test_a_disabled_product_is_left_alone(bench: SetupBench) -> None:
    bench.organisation.directory.add_service_principal(LOCAL, "brickline-local")
    set_up(bench)
    bench.analytics.disable_repository("churn")
    assert bench.bootstrap() == 0
    assert not force_push_of(bench, LOCAL, "refs/heads/feature/x")


def test_the_prefixes_are_those_of_the_variable_group(bench: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.organisation.directory.add_service_principal(LOCAL, "brickline-local")
    assert bench.bootstrap() == 0
    group = bench.analytics.library.groups["brickline-local"]
    variables = {**group.variables, "cleanUpBranchPrefixes": Variable("topic/, wip-")}
    bench.analytics.library.put_group(replace(group, variables=variables))
    set_up(bench)
    capsys.readouterr()
    assert bench.bootstrap() == 0
    assert force_push_of_local(bench, "refs/heads/topic/x")
    assert not force_push_of_local(bench, "refs/heads/feature/x")
    assert "'wip-' is no folder of branches" in capsys.readouterr().out


def test_a_plan_says_whose_branches_could_not_be_deleted(bench: SetupBench, capsys: pytest.CaptureFixture[str]) -> None:
    bench.organisation.directory.add_service_principal(LOCAL, "brickline-local")
    set_up(bench)
    assert bench.bootstrap("--plan") == 0
    out = capsys.readouterr().out
    assert "permissions of brickline-local on branches below 'feature' of analytics/churn: lacks Force push" in out
    assert bench.writes() == []
