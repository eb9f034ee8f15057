from __future__ import annotations

from typing import Any

import pytest

from sandbox.databricks.directory import PrincipalKind
from sandbox.databricks.permissions.access import KINDS
from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client, Reply

ADMINS = {"group_name": "admins", "all_permissions": [
    {"permission_level": "CAN_MANAGE", "inherited": True, "inherited_from_object": ["/clusters/"]}]}
MISSING, INVALID = "RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"
PRINCIPAL = "11111111-2222-3333-4444-555555555555"


def entry(name: str, level: str = "CAN_RESTART", key: str = "user_name") -> dict[str, str]:
    return {key: name, "permission_level": level}


def grant(client: Client, cluster_id: str, *entries: dict[str, str], method: str = "PUT") -> Reply:
    return client.ask(method, f"2.0/permissions/clusters/{cluster_id}", {"access_control_list": list(entries)})


def direct(reply: Reply) -> dict[str, str]:
    """Level by principal of what was granted directly."""
    return {next(iter(row.values())): row["all_permissions"][0]["permission_level"]
            for row in reply.body["access_control_list"] if not row["all_permissions"][0]["inherited"]}


@pytest.fixture
def people(workspace: Workspace) -> Workspace:
    anna = workspace.add_user("anna@example.test", "Anna")
    workspace.add_user("bert@example.test")
    workspace.add_service_principal(PRINCIPAL, "pipeline")
    workspace.add_group("team", [anna])
    return workspace


def test_creator_manages_and_admins_inherit(owner: Client) -> None:
    """D1: what admins inherit is told with the object it comes from."""
    cluster_id = owner.create()
    reply = owner.get(f"2.0/permissions/clusters/{cluster_id}")
    assert (reply.body["object_id"], reply.body["object_type"]) == (f"/clusters/{cluster_id}", "cluster")
    assert (direct(reply), reply.body["access_control_list"][-1]) == ({"owner@example.test": "CAN_MANAGE"}, ADMINS)


@pytest.mark.usefixtures("people")
def test_put_replaces_what_was_granted_directly(owner: Client) -> None:
    """D1: all that was granted before is gone."""
    cluster_id = owner.create()
    me = entry("owner@example.test", "CAN_MANAGE")
    grant(owner, cluster_id, me, entry("anna@example.test"))
    reply = grant(owner, cluster_id, me, entry("bert@example.test", "CAN_ATTACH_TO"))
    assert direct(reply) == {"owner@example.test": "CAN_MANAGE", "bert@example.test": "CAN_ATTACH_TO"}
    assert ADMINS in reply.body["access_control_list"]


@pytest.mark.usefixtures("people")
def test_patch_adds_and_changes_but_never_removes(owner: Client) -> None:
    """D1: who is not named keeps what they have."""
    cluster_id = owner.create()
    grant(owner, cluster_id, entry("anna@example.test"), method="PATCH")
    reply = grant(owner, cluster_id, entry("anna@example.test", "CAN_ATTACH_TO"), method="PATCH")
    assert direct(reply) == {"owner@example.test": "CAN_MANAGE", "anna@example.test": "CAN_ATTACH_TO"}


@pytest.mark.usefixtures("people")
def test_empty_list_clears_only_what_is_direct(admin: Client) -> None:
    """D1: the inherited entry of admins stays."""
    assert grant(admin, admin.create()).body["access_control_list"] == [ADMINS]


@pytest.mark.usefixtures("people")
def test_last_entry_of_a_principal_wins_in_any_case_of_its_name(admin: Client) -> None:
    """D5: one principal, one level."""
    reply = grant(admin, admin.create(), entry("anna@example.test", "CAN_MANAGE"), entry("Anna@Example.test"))
    assert direct(reply) == {"anna@example.test": "CAN_RESTART"}


@pytest.mark.usefixtures("people")
def test_each_kind_of_principal_is_shown_by_its_own_key(admin: Client) -> None:
    """D4: levels come as a list, in the entry of each principal."""
    reply = grant(admin, admin.create(), entry("anna@example.test"), entry("team", key="group_name"),
                  entry(PRINCIPAL, "CAN_MANAGE", "service_principal_name"))
    levels = [{"permission_level": level, "inherited": False} for level in ("CAN_RESTART", "CAN_MANAGE")]
    assert reply.body["access_control_list"] == [
        {"user_name": "anna@example.test", "display_name": "Anna", "all_permissions": levels[:1]},
        {"group_name": "team", "all_permissions": levels[:1]},
        {"service_principal_name": PRINCIPAL, "display_name": "pipeline", "all_permissions": levels[1:]}, ADMINS]


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(("bad", "code", "problem"), [
    (entry("nobody@example.test"), MISSING, "Principal: UserName(nobody@example.test) does not exist"),
    (entry("nobodies", key="group_name"), MISSING, "Principal: GroupName(nobodies) does not exist"),
    (entry("pipeline", key="service_principal_name"), MISSING, "Principal: ServicePrincipalName(pipeline) does not"),
    (entry("team"), MISSING, "Principal: UserName(team) does not exist"),
    (entry("anna@example.test", "CAN_VIEW"), INVALID, "CAN_VIEW is not valid for a cluster"),
    ({"user_name": "anna@example.test"}, INVALID, "None is not valid for a cluster"),
    ({"permission_level": "CAN_MANAGE"}, INVALID, "exactly one of user_name"),
    ({**entry("anna@example.test"), "group_name": "team"}, INVALID, "exactly one of user_name"),
], ids=["user", "group", "principal by name", "group as user", "level", "no level", "no one", "two"])
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_bad_entry_is_refused_and_changes_nothing(
        admin: Client, method: str, bad: dict[str, str], code: str, problem: str) -> None:
    """D3: a level of another kind, somebody unknown, and a service principal by its display name."""
    cluster_id = admin.create()
    reply = grant(admin, cluster_id, entry("anna@example.test"), bad, method=method)
    assert (reply.status, reply.code, problem in reply.message) == (404 if code == MISSING else 400, code, True)
    assert direct(admin.get(f"2.0/permissions/clusters/{cluster_id}")) == {"admin@example.test": "CAN_MANAGE"}


def test_caller_may_lock_itself_out(owner: Client, people: Workspace) -> None:
    """D6: nobody keeps a caller from giving away its own rights."""
    cluster_id = owner.create()
    assert grant(owner, cluster_id, entry("anna@example.test", "CAN_MANAGE")).status == 200
    assert owner.get("2.1/clusters/get", cluster_id=cluster_id).status == 403
    anna = Client(people, people.add_token("anna@example.test"))
    assert anna.get("2.1/clusters/get", cluster_id=cluster_id).status == 200


def test_group_in_a_group_passes_its_rights_on(owner: Client, people: Workspace) -> None:
    """B17: rights reach members of members."""
    team = people.state.directory.find(PrincipalKind.GROUP, "team")
    assert team is not None
    people.add_group("department", [team])
    cluster_id = owner.create()
    grant(owner, cluster_id, entry("department", key="group_name"), method="PATCH")
    anna, bert = (Client(people, people.add_token(f"{name}@example.test")) for name in ("anna", "bert"))
    assert [who.get("2.1/clusters/get", cluster_id=cluster_id).status for who in (anna, bert)] == [200, 403]


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_changing_permissions_needs_manage(owner: Client, stranger: Client, method: str) -> None:
    """B15: less than CAN_MANAGE is not enough."""
    cluster_id = owner.create()
    grant(owner, cluster_id, entry("stranger@example.test"), method="PATCH")
    reply = grant(stranger, cluster_id, entry("stranger@example.test", "CAN_MANAGE"), method=method)
    assert (reply.status, reply.code) == (403, "PERMISSION_DENIED")


def test_unknown_object_type_is_refused_in_the_service_s_words(admin: Client) -> None:
    assert "request_object_type is not recognized" in admin.get("2.0/permissions/cluster/1").message


def test_missing_object_of_another_type_is_hidden_from_strangers(admin: Client, stranger: Client) -> None:
    """D8: 403 and not 404, so that nobody learns what is there."""
    assert stranger.get("2.0/permissions/jobs/1").code == "PERMISSION_DENIED"
    assert admin.get("2.0/permissions/jobs/1").code == "RESOURCE_DOES_NOT_EXIST"


GROUP = "Groups can not be owners of jobs."
OWNERS = "The job must have exactly one owner."


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(("entries", "problem"), [
    ([], OWNERS), ([entry("anna@example.test", "CAN_MANAGE")], OWNERS),
    ([entry("anna@example.test", "IS_OWNER"), entry("bert@example.test", "IS_OWNER")], OWNERS),
    ([entry("anna@example.test", "IS_OWNER"), entry("anna@example.test", "CAN_MANAGE")], OWNERS),
    ([entry("team", "IS_OWNER", "group_name")], GROUP),
    ([entry("anna@example.test", "IS_OWNER"), entry("team", "IS_OWNER", "group_name")], GROUP),
], ids=["nothing", "none", "two", "taken back", "group", "group besides"])
def test_job_has_exactly_one_owner(workspace: Workspace, admin: Client, entries: list[Any], problem: str) -> None:
    """D2: none, two and a group are refused in the service's words, and what was before stays."""
    workspace.state.access.add_object(KINDS["jobs"], "7", workspace.add_user("owner@example.test"))
    reply = admin.ask("PUT", "2.0/permissions/jobs/7", {"access_control_list": entries})
    assert (reply.status, reply.code, reply.message) == (400, "INVALID_PARAMETER_VALUE", problem)
    assert direct(admin.get("2.0/permissions/jobs/7")) == {"owner@example.test": "IS_OWNER"}


@pytest.mark.usefixtures("people")
def test_job_is_given_to_another_owner(workspace: Workspace, admin: Client) -> None:
    """D2: one owner is right; a PATCH cannot add a second."""
    workspace.state.access.add_object(KINDS["jobs"], "7", workspace.add_user("owner@example.test"))
    anna = {"access_control_list": [entry("anna@example.test", "IS_OWNER")]}
    replies = [admin.ask(method, "2.0/permissions/jobs/7", anna) for method in ("PATCH", "PUT")]
    assert [reply.status for reply in replies] == [400, 200]
    assert direct(admin.get("2.0/permissions/jobs/7")) == {"anna@example.test": "IS_OWNER"}
