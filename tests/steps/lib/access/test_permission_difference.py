from __future__ import annotations

from typing import Any

import pytest

from steps.lib.access.permission_difference import Principal, differences, granted, keeps_control, requested

SP = "6a204bd8-0000-4000-8000-000000000001"
ANSWER: dict[str, Any] = {"object_id": "/clusters/c", "access_control_list": [
    {"user_name": "anna@example.com", "all_permissions": [{"permission_level": "CAN_RESTART", "inherited": False}]},
    {"service_principal_name": SP, "all_permissions": [{"permission_level": "CAN_MANAGE", "inherited": False}]},
    {"group_name": "admins", "all_permissions": [
        {"permission_level": "CAN_MANAGE", "inherited": True, "inherited_from_object": ["/clusters/"]}]},
]}
REQUEST = [{"user_name": "Anna@Example.com", "permission_level": "CAN_RESTART"},
           {"service_principal_name": SP.upper(), "permission_level": "CAN_MANAGE"}]


def user(name: str) -> Principal:
    return Principal.named("user_name", name)


def test_same_entries_in_other_case_and_order_are_no_difference() -> None:
    assert differences(requested(REQUEST[::-1]), granted(ANSWER, inherited=False)) == []


def test_inherited_entries_are_not_direct() -> None:
    assert granted(ANSWER, inherited=True) == {Principal.named("group_name", "admins"): "CAN_MANAGE"}


def test_new_changed_and_surplus_entries_are_told() -> None:
    wanted = {user("bob@example.com"): "CAN_RESTART", user("anna@example.com"): "CAN_ATTACH_TO"}
    assert [str(change) for change in differences(wanted, granted(ANSWER, inherited=False))] == [
        f"revoke service principal '{SP}' CAN_MANAGE",
        "change user 'anna@example.com' CAN_RESTART -> CAN_ATTACH_TO",
        "grant user 'bob@example.com' CAN_RESTART",
    ]


def test_user_and_group_of_one_name_are_two() -> None:
    wanted = {Principal.named("group_name", "anna"): "CAN_RESTART"}
    assert len(differences(wanted, {user("anna"): "CAN_RESTART"})) == 2


def test_last_entry_of_a_principal_wins_as_in_the_service() -> None:
    twice = [*REQUEST, {"user_name": "anna@example.com", "permission_level": "CAN_MANAGE"}]
    assert requested(twice)[user("anna@example.com")] == "CAN_MANAGE"


def test_highest_of_several_direct_levels_counts() -> None:
    levels = [{"permission_level": level} for level in ("CAN_MANAGE", "CAN_ATTACH_TO", "NEW_LEVEL")]
    answer = {"access_control_list": [{"user_name": "a", "all_permissions": levels}]}
    assert granted(answer, inherited=False) == {user("a"): "CAN_MANAGE"}


def test_a_cluster_to_be_created_has_no_entries() -> None:
    assert granted({}, inherited=False) == {}


@pytest.mark.parametrize(("me", "grants", "keeps"), [
    pytest.param({"userName": SP}, {Principal.named("service_principal_name", SP): "CAN_MANAGE"}, True, id="by id"),
    pytest.param({"userName": "9", "applicationId": SP}, {Principal.named("service_principal_name", SP): "CAN_MANAGE"},
                 True, id="by application id"),
    pytest.param({"userName": "Anna@x"}, {user("anna@X"): "CAN_MANAGE"}, True, id="user in other case"),
    pytest.param({"userName": "a", "groups": [{"display": "ops"}]},
                 {Principal.named("group_name", "ops"): "CAN_MANAGE"}, True, id="by group"),
    pytest.param({"userName": SP}, {Principal.named("service_principal_name", SP): "CAN_RESTART"}, False, id="too low"),
    pytest.param({"userName": SP}, {user("anna@x"): "CAN_MANAGE"}, False, id="somebody else"),
    pytest.param({}, {}, False, id="nobody"),
])
def test_own_right_to_manage_is_recognised(me: dict[str, Any], grants: dict[Principal, str], keeps: bool) -> None:
    assert keeps_control(me, grants) is keeps
