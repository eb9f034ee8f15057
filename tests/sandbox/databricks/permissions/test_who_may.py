"""Who may read and change permissions, and what of them is told of whom."""
from __future__ import annotations

from typing import Any

import pytest

from sandbox.databricks.permissions.access import KINDS
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.permissions.test_kinds import ADMINS, put

ANNA = "anna@example.test"
INHERITED = {"permission_level": "CAN_MANAGE", "inherited": True, "inherited_from_object": ["/jobs/"]}


@pytest.fixture
def job(workspace: Workspace) -> str:
    """The path of the permissions of a job of an owner who is no admin."""
    workspace.add_user(ANNA)
    workspace.state.access.add_object(KINDS["jobs"], "17", workspace.add_user("owner@example.test"))
    return "jobs/17"


def rows(client: Client, path: str) -> dict[str, Any]:
    """What each principal has."""
    found = client.get(f"2.0/permissions/{path}").body["access_control_list"]
    return {next(iter(row.values())): row["all_permissions"] for row in found}


def test_admins_have_one_entry_for_what_is_theirs_and_what_they_inherit(admin: Client, job: str) -> None:
    """D1: the inherited entry stays beside the direct one, and after it is gone."""
    put(admin, job, {"group_name": "admins", "permission_level": "CAN_VIEW"}, method="PATCH")
    assert rows(admin, job)["admins"] == [{"permission_level": "CAN_VIEW", "inherited": False}, INHERITED]
    put(admin, job, {"user_name": ANNA, "permission_level": "IS_OWNER"})
    assert rows(admin, job) == {ANNA: [{"permission_level": "IS_OWNER", "inherited": False}], "admins": [INHERITED]}


def test_owner_is_who_has_that_level_wherever_the_entry_stands(workspace: Workspace, admin: Client, job: str) -> None:
    """D2: and not the first of the list."""
    put(admin, job, {"user_name": "admin@example.test", "permission_level": "CAN_MANAGE"},
        {"user_name": ANNA, "permission_level": "IS_OWNER"})
    owner = workspace.state.access.owner(KINDS["jobs"], "17")
    assert owner is not None
    assert owner.name == ANNA


def test_kind_without_manage_has_no_entry_of_admins(workspace: Workspace, admin: Client) -> None:
    """D1: nobody inherits a level that the kind does not have."""
    workspace.state.access.add_object(KINDS["cluster-policies"], "17", None)
    assert admin.get("2.0/permissions/cluster-policies/17").body["access_control_list"] == []


def test_less_than_manage_reads_the_levels_and_nothing_else(workspace: Workspace, admin: Client, job: str) -> None:
    """B15: of a job, too."""
    put(admin, job, {"user_name": ANNA, "permission_level": "CAN_MANAGE_RUN"}, method="PATCH")
    anna = Client(workspace, workspace.add_token(ANNA))
    mine = {"user_name": ANNA, "permission_level": "CAN_MANAGE"}
    replies = [anna.get(f"2.0/permissions/{job}/permissionLevels"), anna.get(f"2.0/permissions/{job}"),
               put(anna, job, mine), put(anna, job, mine, method="PATCH")]
    assert [reply.status for reply in replies] == [200, 403, 403, 403]
    put(admin, job, mine, method="PATCH")
    assert anna.get(f"2.0/permissions/{job}").status == 200


def test_who_may_use_a_policy_reads_its_levels_and_not_who_else_may(workspace: Workspace, admin: Client) -> None:
    """D7: levels are no secret to those who have one."""
    workspace.state.access.add_object(KINDS["cluster-policies"], "17", None)
    workspace.add_user(ANNA)
    put(admin, "cluster-policies/17", {"user_name": ANNA, "permission_level": "CAN_USE"})
    anna = Client(workspace, workspace.add_token(ANNA))
    paths = ["cluster-policies/17/permissionLevels", "cluster-policies/17"]
    assert [anna.get(f"2.0/permissions/{path}").status for path in paths] == [200, 403]


def test_refusal_names_the_kind_of_the_object(stranger: Client) -> None:
    """D8: only jobs are named by the service's own word for them."""
    assert stranger.get("2.0/permissions/instance-pools/7").message.startswith(
        "stranger@example.test does not have Manage permissions on instance-pool 7.")


def test_user_who_is_called_admins_is_none(workspace: Workspace, job: str) -> None:
    """B17: the group is meant, and no one else of its name."""
    workspace.add_user("admins")
    client = Client(workspace, workspace.add_token("admins"))
    assert [client.get(f"2.0/permissions/{job}").status, put(client, job, ADMINS).status] == [403, 403]
