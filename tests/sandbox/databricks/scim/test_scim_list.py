from __future__ import annotations

import pytest

from sandbox.databricks.workspace import Workspace
from tests.sandbox.databricks.conftest import Client

SCIM = "2.0/preview/scim/v2"


@pytest.fixture
def people(workspace: Workspace) -> Workspace:
    carl = workspace.add_user("carl@example.test", "Anton")
    workspace.add_user("bert@example.test", "Zoe")
    workspace.add_group("team", [carl, workspace.add_service_principal("app-1", "pipeline")])
    return workspace


def users(client: Client, **query: str) -> list[str]:
    rows = client.get(f"{SCIM}/Users", **query).body["Resources"]
    return [row["userName"].partition("@")[0] for row in rows]


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(("query", "names"), [
    ({}, ["admin", "carl", "bert"]), ({"sortBy": "userName"}, ["admin", "bert", "carl"]),
    ({"sortBy": "displayName", "sortOrder": "descending"}, ["bert", "carl", "admin"]),
    ({"sortBy": "emails.value", "startIndex": "2", "count": "1"}, ["bert"])])
def test_list_is_sorted_before_its_page_is_cut(admin: Client, query: dict[str, str], names: list[str]) -> None:
    assert users(admin, **query) == names


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(("query", "keys"), [
    ({"attributes": "userName,emails.value"}, {"schemas", "id", "userName", "emails"}),
    ({"attributes": "USERNAME"}, {"schemas", "id", "userName"}),
    ({"attributes": "userName, active"}, {"schemas", "id", "userName", "active"}),
    ({"excludedAttributes": "groups,entitlements,roles,emails,name,active"},
     {"schemas", "id", "userName", "displayName"})])
@pytest.mark.parametrize("path", ["Users", "Me", "{one}"])
def test_only_attributes_asked_for_are_told(admin: Client, path: str, query: dict[str, str], keys: set[str]) -> None:
    one = admin.get(f"{SCIM}/Users").body["Resources"][0]["id"]
    found = admin.get(f"{SCIM}/{path.format(one=f'Users/{one}')}", **query).body
    assert set(found.get("Resources", [found])[0]) == keys


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(("collection", "keys"), [
    ("Users", {"schemas", "id", "userName", "displayName"}), ("Groups", {"schemas", "id", "displayName"}),
    ("ServicePrincipals", {"schemas", "id", "applicationId", "displayName"})])
def test_who_is_no_admin_sees_names_and_ids(stranger: Client, collection: str, keys: set[str]) -> None:
    """B17: neither memberships nor entitlements, not even by a filter."""
    rows = stranger.get(f"{SCIM}/{collection}").body["Resources"]
    assert (set(rows[0]), set(stranger.get(f"{SCIM}/{collection}/{rows[0]['id']}").body)) == (keys, keys)
    hidden = stranger.get(f"{SCIM}/{collection}", filter="entitlements eq workspace-access").body["Resources"]
    assert hidden == []


def test_list_without_rows_is_told_in_its_schema(admin: Client) -> None:
    assert admin.get(f"{SCIM}/Users", filter='userName eq "nobody"').body == {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 0, "startIndex": 1,
        "itemsPerPage": 0, "Resources": []}


def test_me_tells_everyone_all_about_themselves(stranger: Client) -> None:
    assert "entitlements" in stranger.get(f"{SCIM}/Me").body


@pytest.mark.parametrize(("text", "names"), [
    ("userName eq CARL@example.test", ["carl"]), ('userName eq "carl@example.test" and active eq false', []),
    ('userName eq "team"', []),
    ('groups.display eq "team"', ["carl"]), ('id eq "{team}"', []), ('id eq "{carl}"', ["carl"])])
def test_filter_finds_by_name_id_and_membership(people: Workspace, admin: Client, text: str, names: list[str]) -> None:
    """G2: a name is looked up, and the other terms still count."""
    team, carl = people.add_group("team"), people.add_user("carl@example.test")
    assert users(admin, filter=text.format(team=team.id, carl=carl.id)) == names


@pytest.mark.usefixtures("people")
def test_groups_are_found_by_their_members(people: Workspace, admin: Client) -> None:
    carl = people.add_user("carl@example.test")
    found = admin.get(f"{SCIM}/Groups", filter=f'members eq "{carl.id}"', attributes="displayName").body["Resources"]
    assert [row["displayName"] for row in found] == ["users", "team"]


@pytest.mark.parametrize("text", ["x", "1.5", "--1", "\u0663", "9" * 20])
@pytest.mark.parametrize("name", ["startIndex", "count"])
def test_page_that_is_no_number_is_refused(admin: Client, name: str, text: str) -> None:
    reply = admin.get(f"{SCIM}/Users", **{name: text})
    assert (reply.status, reply.body["detail"], reply.body["scimType"]) == (
        400, f"{name} must be a number, got {text!r}", "invalidValue")


@pytest.mark.parametrize("query", [{"startIndex": "0"}, {"startIndex": "-5"}])
def test_first_page_begins_with_one(admin: Client, query: dict[str, str]) -> None:
    assert admin.get(f"{SCIM}/Users", **query).body["startIndex"] == 1


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("count", ["0", "-1"])
def test_no_more_than_none_is_only_counted(admin: Client, count: str) -> None:
    found = admin.get(f"{SCIM}/Users", count=count).body
    assert (found["totalResults"], found["Resources"]) == (3, [])
