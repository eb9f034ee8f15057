from __future__ import annotations

from typing import Any

import pytest

from steps.lib.access.access_control import (
    Grant,
    LevelRule,
    combine,
    grants_of,
    grants_of_environment,
    level_rule,
    request_body,
    rule_findings,
    table,
    user_findings,
)
from steps.lib.config.provenance import Origin
from steps.lib.databricks.workspace import ServicePrincipal, Workspace
from steps.lib.target_environment import TargetEnvironment
from tests.steps.lib.documents import document, team_file

TOP = ("access_control_list",)
HERE = Origin("here", 1)
RULE = LevelRule("CAN_ATTACH_TO", "CAN_RESTART", HERE)


def user(name: str, level: str) -> Grant:
    return Grant("user_name", name, level, HERE)


def written(*entries: Any) -> list[tuple[str, str, str]]:
    grants = grants_of(document({"access_control_list": list(entries)}), TOP, "CAN_RESTART")
    return [(grant.kind, grant.name, grant.level) for grant in grants]


def test_an_address_gets_the_default_level() -> None:
    assert written("anna@example.com") == [("user_name", "anna@example.com", "CAN_RESTART")]


def test_an_entry_keeps_its_own_level() -> None:
    assert written({"group_name": "g", "permission_level": "CAN_ATTACH_TO"}) == [("group_name", "g", "CAN_ATTACH_TO")]


def test_an_entry_without_level_gets_the_default() -> None:
    assert written({"user_name": "a@b.de"}) == [("user_name", "a@b.de", "CAN_RESTART")]


@pytest.mark.parametrize(("one", "other", "count"), [
    pytest.param(user("Anna@Example.com", "CAN_RESTART"), user("anna@example.com", "CAN_MANAGE"), 1, id="case-of-mail"),
    pytest.param(Grant("service_principal_name", "ABC", "CAN_RESTART", HERE),
                 Grant("service_principal_name", "abc", "CAN_MANAGE", HERE), 1, id="case-of-application-id"),
    pytest.param(Grant("group_name", "Team", "CAN_RESTART", HERE),
                 Grant("group_name", "team", "CAN_MANAGE", HERE), 1, id="group-in-other-case"),
    pytest.param(Grant("group_name", "x", "CAN_RESTART", HERE), user("x", "CAN_MANAGE"), 2, id="other-kind"),
])
def test_a_principal_named_twice_counts_once(one: Grant, other: Grant, count: int) -> None:
    assert len(combine([one, other])) == count


@pytest.mark.parametrize("levels", [("CAN_RESTART", "CAN_MANAGE"), ("CAN_MANAGE", "CAN_RESTART")])
def test_the_highest_level_wins_in_any_order(levels: tuple[str, str]) -> None:
    assert [grant.level for grant in combine(user("a@b.de", level) for level in levels)] == ["CAN_MANAGE"]


def test_a_user_cannot_lower_an_entry_of_the_team() -> None:
    team = grants_of(team_file("access_control_list", {"clusters": {"access_control_list": [
        {"group_name": "leads", "permission_level": "CAN_RESTART"}]}}), ("clusters", "access_control_list"))
    lower = Grant("group_name", "leads", "CAN_ATTACH_TO", HERE)
    assert [grant.level for grant in combine([lower, *team])] == ["CAN_RESTART"]


def test_service_principals_of_the_environment_are_granted() -> None:
    workspace = Workspace("team", TargetEnvironment.DEV, "https://x", service_principals=(
        ServicePrincipal("id-1", "CAN_MANAGE"),))
    assert request_body(grants_of_environment(workspace)) == {"access_control_list": [
        {"service_principal_name": "id-1", "permission_level": "CAN_MANAGE"}]}


def test_a_level_above_the_maximum_is_refused_with_both_places() -> None:
    file = document({"access_control_list": [{"user_name": "a@b.de", "permission_level": "CAN_MANAGE"}]})
    assert "".join(map(str, user_findings(file, TOP, RULE))) == (
        "cluster_and_libraries_config.json:5: access_control_list[0].permission_level: "
        "got 'CAN_MANAGE', expected at most 'CAN_RESTART' as here:1 allows")


@pytest.mark.parametrize("name", ["admins", "Admins"])
def test_the_group_that_manages_everything_is_refused(name: str) -> None:
    findings = user_findings(document({"access_control_list": [{"group_name": name}]}), TOP, RULE)
    assert ["'admins'" in finding.problem for finding in findings] == [True]


@pytest.mark.parametrize(("default", "maximum", "count"), [
    ("CAN_RESTART", "CAN_RESTART", 0), ("CAN_ATTACH_TO", "CAN_MANAGE", 0), ("CAN_MANAGE", "CAN_RESTART", 1),
])
def test_the_default_is_at_most_the_maximum(default: str, maximum: str, count: int) -> None:
    team = team_file("access_control_list", {"clusters": {"user_permission_level": {
        "default": default, "maximum": maximum}}})
    assert len(rule_findings(team, level_rule(team))) == count


def test_each_entry_knows_who_gave_it() -> None:
    assert table([user("a@b.de", "CAN_RESTART"), Grant("group_name", "g", "CAN_MANAGE", HERE)]) == [
        "who          level        set by", "group g      CAN_MANAGE   here:1", "user a@b.de  CAN_RESTART  here:1"]
