from __future__ import annotations

import pytest

from sandbox.databricks.workspace import Workspace
from sandbox.http.message import Headers, Request
from tests.sandbox.databricks.conftest import Client

SCIM = "2.0/preview/scim/v2"


def listed(client: Client, collection: str, key: str, **query: str) -> list[str]:
    return [row[key] for row in client.get(f"{SCIM}/{collection}", **query).body["Resources"]]


def test_me_carries_the_workspace_id_in_a_header(workspace: Workspace) -> None:
    """G3: clients learn the workspace's id from it."""
    response = workspace.application(Request(
        "GET", f"/api/{SCIM}/Me", headers=Headers([("Authorization", f"Bearer {workspace.token}")])))
    assert response.headers["X-Databricks-Org-Id"] == workspace.state.org_id


def test_each_collection_tells_its_own_kind(workspace: Workspace, admin: Client) -> None:
    workspace.add_service_principal("app-1", "pipeline")
    workspace.add_group("team")
    assert listed(admin, "Users", "userName") == ["admin@example.test"]
    assert listed(admin, "ServicePrincipals", "applicationId") == ["app-1"]
    assert listed(admin, "Groups", "displayName") == ["admins", "users", "team"]


def test_pages_are_cut_by_start_and_count(workspace: Workspace, admin: Client) -> None:
    """G1: a list that begins anew at each page never ends for the SDK."""
    for number in range(24):
        workspace.add_user(f"user{number:02}@example.test")
    assert len(listed(admin, "Users", "id", count="10", startIndex="11")) == 10
    last = admin.get(f"{SCIM}/Users", count="10", startIndex="21").body
    assert (last["totalResults"], last["startIndex"], last["itemsPerPage"]) == (25, 21, 5)
    assert listed(admin, "Users", "id", count="10", startIndex="26") == []


def test_single_resource_is_found_by_id_and_only_in_its_collection(workspace: Workspace, admin: Client) -> None:
    team = workspace.add_group("team", [workspace.add_user("anna@example.test")])
    found = admin.get(f"{SCIM}/Groups/{team.id}").body
    assert (found["displayName"], found["members"][0]["display"]) == ("team", "anna@example.test")
    missing = admin.get(f"{SCIM}/Users/{team.id}")
    assert (missing.status, missing.body["status"], "detail" in missing.body) == (404, "404", True)


@pytest.mark.parametrize(("text", "found"), [
    ('userName eq "ANNA@example.test"', ["anna"]), ('username sw "b"', ["bert"]),
    ('userName co "ert"', ["bert"]), ('userName ne "anna@example.test" and userName ne "admin@example.test"', ["bert"]),
    ('userName sw "x" or userName sw "a" and displayName co "nna"', ["anna"]), ('userName eq "a\\"b"', []),
    ("active eq true", ["admin", "anna", "bert"]),
])
def test_filter_chooses(workspace: Workspace, admin: Client, text: str, found: list[str]) -> None:
    for name in ("anna", "bert"):
        workspace.add_user(f"{name}@example.test")
    assert [name.partition("@")[0] for name in listed(admin, "Users", "userName", filter=text)] == found


def test_filter_that_is_not_understood_is_refused_in_scim_shape(admin: Client) -> None:
    reply = admin.get(f"{SCIM}/Users", filter='userName is "a"')
    assert (reply.status, reply.body["scimType"]) == (400, "invalidFilter")


def test_number_that_is_none_is_refused(admin: Client) -> None:
    assert admin.get(f"{SCIM}/Users", count="many").body["scimType"] == "invalidValue"
