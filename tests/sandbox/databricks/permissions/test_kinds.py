from __future__ import annotations

from typing import Any

import pytest

from sandbox.databricks.permissions.kinds import JOBS, KINDS, TOKENS, find_kind
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client, Reply

FILES = ["CAN_READ", "CAN_RUN", "CAN_EDIT", "CAN_MANAGE"]
LEVELS = {
    "clusters": ("cluster", ["CAN_ATTACH_TO", "CAN_RESTART", "CAN_MANAGE"]),
    "jobs": ("job", ["CAN_VIEW", "CAN_MANAGE_RUN", "CAN_MANAGE", "IS_OWNER"]),
    "cluster-policies": ("cluster-policy", ["CAN_USE"]),
    "instance-pools": ("instance-pool", ["CAN_ATTACH_TO", "CAN_MANAGE"]),
    "repos": ("repo", FILES), "directories": ("directory", FILES), "notebooks": ("notebook", FILES),
    "files": ("file", FILES),
    "experiments": ("mlflowExperiment", ["CAN_READ", "CAN_EDIT", "CAN_MANAGE"]),
    "registered-models": ("registered-model", ["CAN_READ", "CAN_EDIT", "CAN_MANAGE_STAGING_VERSIONS",
                                               "CAN_MANAGE_PRODUCTION_VERSIONS", "CAN_MANAGE"]),
}
WITHOUT_ROUTES = [segment for segment in LEVELS if segment != "clusters"]
ADMINS = {"group_name": "admins", "permission_level": "CAN_MANAGE"}


def put(client: Client, path: str, *entries: dict[str, str], method: str = "PUT") -> Reply:
    return client.ask(method, f"2.0/permissions/{path}", {"access_control_list": list(entries)})


@pytest.fixture
def things(workspace: Workspace) -> Workspace:
    """One object of each kind, `17`, that belongs to an owner who is no admin."""
    owner = workspace.add_user("owner@example.test")
    for segment in WITHOUT_ROUTES:
        workspace.state.access.add_object(KINDS[segment], "17", owner)
    return workspace


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize("segment", LEVELS)
def test_levels_of_a_kind_are_told(admin: Client, segment: str) -> None:
    """D7: each kind has its own, and each level says what it is."""
    one = admin.create() if segment == "clusters" else "17"
    rows = admin.get(f"2.0/permissions/{segment}/{one}/permissionLevels").body["permission_levels"]
    assert [row["permission_level"] for row in rows] == LEVELS[segment][1]
    assert all(row["description"] for row in rows)


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize("segment", LEVELS)
def test_object_is_told_with_the_prefix_of_its_kind(admin: Client, segment: str) -> None:
    """D4: `object_id` is a path, `object_type` the kind in the singular, and each entry has a list of levels."""
    one = admin.create() if segment == "clusters" else "17"
    found = admin.get(f"2.0/permissions/{segment}/{one}").body
    assert (found["object_id"], found["object_type"]) == (f"/{segment}/{one}", LEVELS[segment][0])
    assert all("permission_level" not in row and row["all_permissions"] for row in found["access_control_list"])


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize("segment", LEVELS)
def test_level_of_another_kind_is_refused(admin: Client, segment: str) -> None:
    """D3: and the refusal names those there are."""
    foreign = "CAN_VIEW" if segment != "jobs" else "CAN_ATTACH_TO"
    one = admin.create() if segment == "clusters" else "17"
    reply = put(admin, f"{segment}/{one}", {"user_name": "admin@example.test", "permission_level": foreign})
    assert (reply.status, all(level in reply.message for level in LEVELS[segment][1])) == (400, True)


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize("segment", WITHOUT_ROUTES)
@pytest.mark.parametrize("object_id", ["17", "18"])
def test_stranger_learns_neither_rights_nor_whether_the_object_is_there(stranger: Client, segment: str,
                                                                       object_id: str) -> None:
    """D8: a missing object is refused like one that is there."""
    path = f"{segment}/{object_id}"
    replies = [stranger.get(f"2.0/permissions/{path}"), stranger.get(f"2.0/permissions/{path}/permissionLevels"),
               put(stranger, path), put(stranger, path, method="PATCH")]
    assert {reply.code for reply in replies} == {"PERMISSION_DENIED"}


@pytest.mark.usefixtures("things")
def test_owner_of_a_policy_does_not_say_who_may_use_it(workspace: Workspace, admin: Client) -> None:
    """B15: of a kind without CAN_MANAGE only admins change the permissions."""
    owner = Client(workspace, workspace.add_token("owner@example.test"))
    mine = {"user_name": "owner@example.test", "permission_level": "CAN_USE"}
    assert put(owner, "cluster-policies/17", mine).code == "PERMISSION_DENIED"
    assert put(admin, "cluster-policies/17", mine).status == 200


def test_job_is_refused_in_the_service_s_words(stranger: Client) -> None:
    """D8: the text names the job by its id, be it there or not."""
    assert stranger.get("2.0/permissions/jobs/7").message == (
        "stranger@example.test does not have Manage permissions on Job with ID: ElasticJobId(7). "
        "Please contact the owner or an administrator for access.")


@pytest.mark.parametrize(("segment", "object_id"), [
    ("authorization", "sessions"), ("authorization", "1"), ("job", "1")])
def test_what_has_no_permissions_is_of_no_kind(segment: str, object_id: str) -> None:
    assert find_kind(segment, object_id) is None
    assert (find_kind("jobs", "tokens"), find_kind("authorization", "tokens")) == (JOBS, TOKENS)


def test_everyone_may_use_tokens_from_the_start(admin: Client) -> None:
    found = admin.get("2.0/permissions/authorization/tokens").body
    assert (found["object_id"], found["object_type"]) == ("/authorization/tokens", "tokens")
    assert [(row["group_name"], row["all_permissions"]) for row in found["access_control_list"]] == [
        ("admins", [{"permission_level": "CAN_MANAGE", "inherited": False}]),
        ("users", [{"permission_level": "CAN_USE", "inherited": False}])]


@pytest.mark.parametrize(("entries", "message"), [
    ([], "Cannot change permissions for group 'admins' to None."),
    ([{**ADMINS, "permission_level": "CAN_USE"}], "Cannot change permissions for group 'admins' to CAN_USE."),
    ([ADMINS, {"group_name": "users", "permission_level": "CAN_MANAGE"}],
     "Only admins can be given CAN_MANAGE permission on tokens")])
def test_admins_keep_the_tokens_to_themselves(admin: Client, entries: list[dict[str, str]], message: str) -> None:
    """D1: on this object a PUT has to repeat the entry of admins."""
    reply = put(admin, "authorization/tokens", *entries)
    assert (reply.code, reply.message) == ("INVALID_PARAMETER_VALUE", message)
    assert len(admin.get("2.0/permissions/authorization/tokens").body["access_control_list"]) == 2


def test_admin_by_name_may_be_given_management_of_tokens(admin: Client) -> None:
    """As the Terraform provider does with its own user."""
    mine = {"user_name": "admin@example.test", "permission_level": "CAN_MANAGE"}
    assert put(admin, "authorization/tokens", mine, ADMINS).status == 200


@pytest.mark.parametrize("name", ["tokens", "passwords"])
def test_only_admins_see_and_say_who_may_sign_in_how(admin: Client, stranger: Client, name: str) -> None:
    """B15: CAN_USE on tokens is no right to look at them."""
    path = f"authorization/{name}"
    user: dict[str, Any] = {"user_name": "stranger@example.test", "permission_level": "CAN_USE"}
    assert {stranger.get(f"2.0/permissions/{path}").code, put(stranger, path, ADMINS).code} == {"PERMISSION_DENIED"}
    assert put(admin, path, user, method="PATCH").status == 200
    levels = admin.get(f"2.0/permissions/{path}/permissionLevels").body["permission_levels"]
    assert [row["permission_level"] for row in levels] == ["CAN_USE", "CAN_MANAGE"][:2 if name == "tokens" else 1]
