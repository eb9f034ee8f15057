from __future__ import annotations

from typing import Any

import pytest

from sandbox.databricks.directory import PrincipalKind
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import DATABRICKS
from tests.sandbox.databricks.conftest import Client, Reply

SCIM = "2.0/preview/scim/v2"
APPLICATION = "11111111-2222-3333-4444-555555555555"
BODIES: dict[str, dict[str, Any]] = {
    "Users": {"userName": "anna@example.test", "displayName": "Anna", "name": {"givenName": "An", "familyName": "Na"},
              "entitlements": [{"value": "allow-cluster-create"}], "externalId": "x-1"},
    "Groups": {"displayName": "team", "entitlements": [{"value": "allow-cluster-create"}]},
    "ServicePrincipals": {"applicationId": APPLICATION, "displayName": "pipeline"},
}


def post(client: Client, collection: str, **changes: Any) -> Reply:
    return client.ask("POST", f"{SCIM}/{collection}", {**BODIES[collection], **changes})


def made(client: Client, collection: str, **changes: Any) -> str:
    reply = post(client, collection, **changes)
    assert reply.status == 201, reply
    return str(reply.body["id"])


def patch(client: Client, collection: str, one: str, *operations: dict[str, Any]) -> Reply:
    return client.ask("PATCH", f"{SCIM}/{collection}/{one}", {"Operations": list(operations)})


def read(client: Client, collection: str, one: str) -> dict[str, Any]:
    return dict(client.get(f"{SCIM}/{collection}/{one}").body)


@pytest.mark.parametrize("collection", BODIES)
def test_what_was_created_is_read_back(admin: Client, collection: str) -> None:
    found = read(admin, collection, made(admin, collection))
    assert {key: found[key] for key in BODIES[collection]} == BODIES[collection]


@pytest.mark.parametrize(("collection", "detail"), [
    ("Users", "User with username anna@example.test already exists."),
    ("Groups", "Group with name team already exists."),
    ("ServicePrincipals", f"Service principal with application ID {APPLICATION} already exists.")])
def test_second_of_a_name_is_a_conflict_in_scim_shape(admin: Client, collection: str, detail: str) -> None:
    """G2: 409, in any case of the name."""
    made(admin, collection)
    name = {"Users": "userName", "Groups": "displayName", "ServicePrincipals": "applicationId"}[collection]
    reply = post(admin, collection, **{name: BODIES[collection][name].upper()})
    assert (reply.status, reply.body["scimType"], reply.body["status"]) == (409, "uniqueness", "409")
    assert reply.body["detail"].lower() == detail.lower()


@pytest.mark.parametrize(("collection", "body"), [
    ("Users", {"displayName": "x"}), ("Groups", {"members": []}), ("ServicePrincipals", {"active": True})])
def test_resource_without_a_name_is_refused(admin: Client, collection: str, body: dict[str, Any]) -> None:
    reply = admin.ask("POST", f"{SCIM}/{collection}", body)
    assert (reply.status, "Required attribute" in reply.body["scimType"]) == (400, True)


@pytest.mark.parametrize(("collection", "name"), [
    ("Users", {"userName": "anna"}), ("Users", {"userName": "../a@b"}), ("Users", {"userName": "a\0@b"}),
    ("Users", {"userName": f"{'a' * 255}@b"}), ("ServicePrincipals", {"applicationId": "a/b"}),
    ("Groups", {"displayName": "a\nb"})])
def test_name_that_would_break_paths_is_refused(admin: Client, collection: str, name: dict[str, str]) -> None:
    assert post(admin, collection, **name).body["scimType"] == "invalidValue"


def test_service_principal_of_databricks_gets_an_application_id(admin: Client) -> None:
    reply = admin.ask("POST", f"{SCIM}/ServicePrincipals", {"displayName": "made here"})
    assert (reply.status, len(reply.body["applicationId"])) == (201, 36)


@pytest.mark.parametrize("operation", [{"op": "replace", "path": "userName", "value": "eva@example.test"},
                                       {"op": "replace", "value": {"emails": [{"value": "eva@example.test"}]}}])
def test_changed_name_and_address_are_ignored(admin: Client, operation: dict[str, Any]) -> None:
    """G2: accepted, and without effect."""
    anna = made(admin, "Users")
    assert patch(admin, "Users", anna, operation).status == 200
    found = read(admin, "Users", anna)
    assert (found["userName"], found["emails"][0]["value"]) == ("anna@example.test", "anna@example.test")


def test_put_takes_away_what_it_does_not_name(admin: Client) -> None:
    anna = made(admin, "Users")
    admin.ask("PUT", f"{SCIM}/Users/{anna}", {"userName": "anna@example.test", "displayName": "Anna B"})
    found = read(admin, "Users", anna)
    assert (found["displayName"], found["entitlements"], found["active"]) == ("Anna B", [], True)


def test_put_of_a_service_principal_needs_its_application_id(admin: Client) -> None:
    pipeline = made(admin, "ServicePrincipals")
    assert admin.ask("PUT", f"{SCIM}/ServicePrincipals/{pipeline}", {"displayName": "x"}).status == 400


def test_members_are_joined_and_removed(admin: Client) -> None:
    """G2: by id, through PATCH with and without a filter in the path."""
    anna, team = made(admin, "Users"), made(admin, "Groups")
    patch(admin, "Groups", team, {"op": "add", "path": "members", "value": [{"value": anna}]})
    assert [row["value"] for row in read(admin, "Groups", team)["members"]] == [anna]
    assert ("team", "direct") in [(row["display"], row["type"]) for row in read(admin, "Users", anna)["groups"]]
    patch(admin, "Groups", team, {"op": "remove", "path": f'members[value eq "{anna}"]'})
    assert read(admin, "Groups", team)["members"] == []


def test_group_of_a_group_is_indirect(admin: Client) -> None:
    anna = made(admin, "Users")
    team = made(admin, "Groups", members=[{"value": anna}])
    made(admin, "Groups", displayName="department", members=[{"value": team}])
    groups = {row["display"]: row["type"] for row in read(admin, "Users", anna)["groups"]}
    assert groups == {"users": "direct", "team": "direct", "department": "indirect"}
    patch(admin, "Users", anna, {"op": "replace", "path": "displayName", "value": "A"})
    assert {row["display"]: row["type"] for row in read(admin, "Users", anna)["groups"]} == groups


def test_unknown_member_and_a_group_in_itself_are_refused(admin: Client) -> None:
    team = made(admin, "Groups")
    above = made(admin, "Groups", displayName="department", members=[{"value": team}])
    for member, status in (("17", 404), (team, 400), (above, 400)):
        assert patch(admin, "Groups", team, {"op": "add", "path": "members", "value": member}).status == status
    assert read(admin, "Groups", team)["members"] == []


def test_entitlement_lets_create_clusters(workspace: Workspace, admin: Client) -> None:
    anna = made(admin, "Users", entitlements=[])
    client = Client(workspace, workspace.add_token("anna@example.test"))
    body = {"spark_version": "15.4.x-scala2.12", "node_type_id": "Standard_DS3_v2", "num_workers": 1}
    assert client.post("2.1/clusters/create", **body).status == 403
    patch(admin, "Users", anna, {"op": "add", "path": "entitlements", "value": [{"value": "allow-cluster-create"}]})
    assert client.post("2.1/clusters/create", **body).status == 200
    patch(admin, "Users", anna, {"op": "remove", "path": 'entitlements[value eq "allow-cluster-create"]'})
    assert client.post("2.1/clusters/create", **body).status == 403


@pytest.mark.parametrize("value", [False, "False"])
def test_who_is_not_active_is_let_in_by_no_token(workspace: Workspace, admin: Client, value: object) -> None:
    anna, token = made(admin, "Users"), workspace.add_token("anna@example.test")
    workspace.tenant.add_user("anna@example.test")
    for one in (token, workspace.tenant.user_token("anna@example.test")):
        client = Client(workspace, one)
        patch(admin, "Users", anna, {"op": "replace", "path": "active", "value": value})
        assert client.get(f"{SCIM}/Me").status == 403
        patch(admin, "Users", anna, {"op": "replace", "path": "active", "value": True})
        assert client.get(f"{SCIM}/Me").status == 200


def test_who_is_removed_leaves_nothing_behind(workspace: Workspace, admin: Client) -> None:
    """Neither memberships nor grants nor tokens, for another one of the same name either."""
    anna, token = made(admin, "Users"), workspace.add_token("anna@example.test")
    team, cluster = made(admin, "Groups", members=[{"value": anna}]), admin.create()
    admin.ask("PUT", f"2.0/permissions/clusters/{cluster}", {"access_control_list": [
        {"user_name": "anna@example.test", "permission_level": "CAN_RESTART"}]})
    assert admin.ask("DELETE", f"{SCIM}/Users/{anna}").status == 200
    assert admin.get(f"{SCIM}/Users/{anna}").status == 404
    made(admin, "Users")
    assert Client(workspace, token).get(f"{SCIM}/Me").status == 403
    assert read(admin, "Groups", team)["members"] == []
    rows = admin.get(f"2.0/permissions/clusters/{cluster}").body["access_control_list"]
    assert [row.get("group_name") for row in rows] == ["admins"]


def test_entra_token_of_one_who_was_removed_is_refused(workspace: Workspace, admin: Client) -> None:
    pipeline = made(admin, "ServicePrincipals")
    client = Client(workspace, workspace.tenant.sign(DATABRICKS, appid=APPLICATION))
    assert client.get(f"{SCIM}/Me").status == 200
    admin.ask("DELETE", f"{SCIM}/ServicePrincipals/{pipeline}")
    assert client.get(f"{SCIM}/Me").status == 403


def test_group_is_renamed_and_keeps_its_rights(workspace: Workspace, admin: Client) -> None:
    team = made(admin, "Groups", members=[{"value": made(admin, "Users")}])
    cluster = admin.create()
    admin.ask("PATCH", f"2.0/permissions/clusters/{cluster}", {"access_control_list": [
        {"group_name": "team", "permission_level": "CAN_RESTART"}]})
    patch(admin, "Groups", team, {"op": "replace", "path": "displayName", "value": "crew"})
    client = Client(workspace, workspace.add_token("anna@example.test"))
    assert client.get("2.1/clusters/get", cluster_id=cluster).status == 200
    made(admin, "Groups")
    assert patch(admin, "Groups", team, {"op": "replace", "path": "displayName", "value": "Team"}).status == 409


@pytest.mark.parametrize("name", ["admins", "users"])
def test_built_in_groups_stay(workspace: Workspace, admin: Client, name: str) -> None:
    group = workspace.state.directory.find(PrincipalKind.GROUP, name)
    assert group is not None
    assert admin.ask("DELETE", f"{SCIM}/Groups/{group.id}").status == 403
    assert patch(admin, "Groups", group.id, {"op": "replace", "path": "displayName", "value": "x"}).status == 403
    assert read(admin, "Groups", group.id)["displayName"] == name


def test_nobody_is_taken_out_of_the_users_but_their_entitlements_change(workspace: Workspace, admin: Client) -> None:
    users = workspace.state.directory.find(PrincipalKind.GROUP, "users")
    assert users is not None
    assert patch(admin, "Groups", users.id, {"op": "remove", "path": "members"}).status == 403
    added = {"op": "add", "path": "entitlements", "value": "databricks-sql-access"}
    assert patch(admin, "Groups", users.id, added).body["entitlements"] == [
        {"value": "databricks-sql-access"}, {"value": "workspace-access"}]


@pytest.mark.parametrize(("method", "path"), [
    ("POST", "Users"), ("PUT", "Groups/{admins}"), ("PATCH", "Groups/{admins}"), ("DELETE", "Users/{self}")])
def test_only_admins_change_who_is_there(workspace: Workspace, stranger: Client, method: str, path: str) -> None:
    """B17: nobody makes himself an admin."""
    find = workspace.state.directory.find
    ids = {"admins": find(PrincipalKind.GROUP, "admins"), "self": find(PrincipalKind.USER, "stranger@example.test")}
    place = path.format(**{name: who.id for name, who in ids.items() if who})
    operations = [{"op": "add", "path": "members", "value": ids["self"].id if ids["self"] else ""}]
    reply = stranger.ask(method, f"{SCIM}/{place}", {"userName": "x", "Operations": operations})
    assert (reply.status, reply.body["status"]) == (403, "403")


@pytest.mark.parametrize("body", [{}, {"Operations": []}, {"Operations": {}}])
def test_patch_without_operations_is_refused(admin: Client, body: dict[str, Any]) -> None:
    anna = made(admin, "Users")
    assert admin.ask("PATCH", f"{SCIM}/Users/{anna}", body).status == 400


@pytest.mark.parametrize("operation", [{"op": "replace", "path": "displayName", "value": 7},
                                       {"op": "add", "path": "schemas", "value": [7]},
                                       {"op": "replace", "path": "active", "value": []}])
def test_patch_to_another_type_is_refused(admin: Client, operation: dict[str, Any]) -> None:
    anna = made(admin, "Users")
    assert (patch(admin, "Users", anna, operation).code, read(admin, "Users", anna)["displayName"]) == (
        "MALFORMED_REQUEST", "Anna")
