from __future__ import annotations

from typing import Any

import pytest

from steps.lib.access.access_control import Grant
from steps.lib.config.provenance import Origin
from steps.lib.databricks.workspace import ServicePrincipal, Workspace
from steps.lib.errors import InputError
from steps.lib.jobs.deployed.job_access import job_grants, place_of_principal
from steps.lib.target_environment import TargetEnvironment
from tests.steps.lib.documents import team_file

OWN = "aaaaaaaa-0000-0000-0000-000000000002"
OTHER = "aaaaaaaa-0000-0000-0000-000000000003"
ME: dict[str, Any] = {"userName": OWN}


def workspace(*principals: tuple[str, str]) -> Workspace:
    rows = tuple(ServicePrincipal(name, level, 7) for name, level in principals)
    return Workspace("data_science", TargetEnvironment.DEV, "https://dev.test", service_principals=rows)


def levels(rows: list[Any], place: Workspace, me: dict[str, Any] = ME) -> dict[str, str]:
    team = team_file("access_control_list", {"jobs": {"access_control_list": rows}})
    return {grant.name: grant.level for grant in job_grants(team, place, me)}


def test_first_principal_owns_whatever_its_level() -> None:
    assert levels([], workspace((OWN, "CAN_RESTART"), (OTHER, "CAN_MANAGE"))) == {OWN: "IS_OWNER", OTHER: "CAN_MANAGE"}


@pytest.mark.parametrize(("written", "level"), [
    ("CAN_ATTACH_TO", "CAN_VIEW"), ("CAN_RESTART", "CAN_MANAGE_RUN"), ("CAN_MANAGE", "CAN_MANAGE")])
def test_levels_of_clusters_become_those_of_jobs(written: str, level: str) -> None:
    assert levels([], workspace((OWN, "CAN_MANAGE"), (OTHER, written)))[OTHER] == level


def test_higher_of_two_levels_counts_and_nobody_lowers_the_owner() -> None:
    rows = [{"service_principal_name": name, "permission_level": "CAN_MANAGE_RUN"} for name in (OWN.upper(), OTHER)]
    place = workspace((OWN, "CAN_MANAGE"), (OTHER, "CAN_ATTACH_TO"))
    assert levels(rows, place) == {OWN: "IS_OWNER", OTHER: "CAN_MANAGE_RUN"}


def test_group_without_a_level_may_view() -> None:
    assert levels([{"group_name": "all"}], workspace((OWN, "CAN_MANAGE")))["all"] == "CAN_VIEW"


@pytest.mark.parametrize("name", [OWN, "anna@example.com"], ids=["principal", "person"])
def test_without_principals_the_caller_owns(name: str) -> None:
    assert levels([], workspace(), {"userName": name}) == {name: "IS_OWNER"}


@pytest.mark.parametrize("me", [
    {"userName": OTHER, "groups": [{"display": "admins"}]}, {"userName": OTHER, "groups": [{"display": "Ops"}]}],
    ids=["admin", "by group"])
def test_caller_may_keep_control_through_a_group(me: dict[str, Any]) -> None:
    rows = [{"group_name": "ops", "permission_level": "CAN_MANAGE"}]
    assert levels(rows, workspace((OWN, "CAN_MANAGE")), me)[OWN] == "IS_OWNER"


def test_caller_who_may_only_start_runs_would_lose_control() -> None:
    rows = [{"service_principal_name": OTHER, "permission_level": "CAN_MANAGE_RUN"}]
    with pytest.raises(InputError, match=f"'{OTHER}' would lose CAN_MANAGE on the jobs"):
        levels(rows, workspace((OWN, "CAN_MANAGE")), {"userName": OTHER})


def test_longest_name_in_a_message_is_meant() -> None:
    grants = [Grant("group_name", name, "CAN_VIEW", Origin(name)) for name in ("team", "Team-leads", "x")]
    assert place_of_principal("GroupName(team-LEADS) does not exist", grants) == Origin("Team-leads")
    assert place_of_principal("nothing", grants) is None
