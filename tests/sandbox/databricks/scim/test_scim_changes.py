from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.scim.principals import APPLICATION, BODIES, SCIM, made, patch, post, read


@pytest.mark.parametrize("collection", BODIES)
def test_what_was_created_is_read_back(admin: Client, collection: str) -> None:
    found = read(admin, collection, made(admin, collection))
    assert {key: found[key] for key in BODIES[collection]} == BODIES[collection]


def test_group_is_told_with_its_kind(admin: Client) -> None:
    one = made(admin, "Groups")
    assert read(admin, "Groups", one) == {
        **BODIES["Groups"], "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "id": one,
        "meta": {"resourceType": "WorkspaceGroup"}, "members": [], "groups": [], "roles": []}


@pytest.mark.parametrize("collection", BODIES)
def test_roles_are_kept_by_name(admin: Client, collection: str) -> None:
    one = made(admin, collection, roles=[{"value": "b"}, {"value": "a"}])
    assert read(admin, collection, one)["roles"] == [{"value": "a"}, {"value": "b"}]


@pytest.mark.parametrize(("name", "shown"), [
    ({"givenName": "An", "familyName": "Na"}, "An Na"), ({"familyName": "Na"}, "Na"), ({}, "anna@example.test")])
def test_user_without_display_name_is_shown_by_what_there_is(
        admin: Client, name: dict[str, str], shown: str) -> None:
    """https://docs.databricks.com/api/scim/v1/workspace-user/object.md"""
    assert read(admin, "Users", made(admin, "Users", displayName="", name=name))["displayName"] == shown


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


def groups_of(client: Client, user: str) -> set[str]:
    return {row["display"] for row in read(client, "Users", user)["groups"]}


def test_who_is_made_or_changed_with_groups_is_in_them(admin: Client) -> None:
    team = made(admin, "Groups")
    anna = made(admin, "Users", groups=[{"value": team}])
    assert (groups_of(admin, anna), len(read(admin, "Groups", team)["members"])) == ({"users", "team"}, 1)
    patch(admin, "Users", anna, {"op": "remove", "path": f'groups[value eq "{team}"]'})
    assert groups_of(admin, anna) == {"users"}
    patch(admin, "Users", anna, {"op": "add", "path": "groups", "value": [{"value": team}]})
    assert groups_of(admin, anna) == {"users", "team"}


def test_group_that_is_none_takes_nobody_in(admin: Client) -> None:
    anna = made(admin, "Users")
    for wrong in ("5", anna):
        entry = [{"value": wrong}]
        assert post(admin, "Users", userName="eva@example.test", groups=entry).status == 404
        assert patch(admin, "Users", anna, {"op": "add", "path": "groups", "value": entry}).status == 404
    assert groups_of(admin, anna) == {"users"}
    assert admin.get(f"{SCIM}/Users", filter='userName eq "eva@example.test"').body["totalResults"] == 0


def test_group_keeps_its_name_where_the_new_one_is_none(admin: Client) -> None:
    team = made(admin, "Groups")
    assert patch(admin, "Groups", team, {"op": "replace", "path": "displayName", "value": "a\nb"}).status == 400
    assert patch(admin, "Groups", team, {"op": "remove", "path": "displayName"}).status == 200
    assert read(admin, "Groups", team)["displayName"] == "team"


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
