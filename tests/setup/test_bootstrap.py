"""`bootstrap` against a live organisation, where something goes wrong in the middle."""
from __future__ import annotations

import pytest

from sandbox.http.faults import Fault
from tests.setup.bench import SetupBench

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
