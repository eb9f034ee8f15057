"""What SCIM changes mean for everything else a workspace does."""
from __future__ import annotations

import pytest

from sandbox.databricks.directory import PrincipalKind
from sandbox.databricks.permissions.kinds import CLUSTERS
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import DATABRICKS
from tests.sandbox.databricks.conftest import Client
from tests.sandbox.databricks.oauth.signing_in import AUDIENCE, ISSUER, SECRET, exchange, grant
from tests.sandbox.databricks.scim.principals import APPLICATION, SCIM, made, patch, read


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
    was = workspace.add_user("anna@example.test")
    assert admin.ask("DELETE", f"{SCIM}/Users/{anna}").status == 200
    assert workspace.state.access.granted_to(CLUSTERS, [was]) == set()
    assert len(admin.get("2.0/token-management/tokens").body["token_infos"]) == 1
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


def test_credentials_of_one_who_was_removed_are_gone(workspace: Workspace, admin: Client) -> None:
    """Neither secrets nor trusted issuers nor git credentials come back with a namesake."""
    pipeline = made(admin, "ServicePrincipals")
    workspace.add_oauth_secret(APPLICATION, SECRET)
    workspace.trust_issuer(ISSUER, AUDIENCE, application_id=APPLICATION)
    issued = grant(workspace).body["access_token"]
    Client(workspace, issued).post("2.0/git-credentials", git_provider="gitHub", personal_access_token="secret")
    was = workspace.add_service_principal(APPLICATION)
    admin.ask("DELETE", f"{SCIM}/ServicePrincipals/{pipeline}")
    assert (workspace.state.oauth.secrets_of(was.id), workspace.state.git_credentials.of(was)) == ([], [])
    made(admin, "ServicePrincipals")
    token = workspace.tenant.issue_federated_token(ISSUER, "s", AUDIENCE)
    assert (Client(workspace, issued).get(f"{SCIM}/Me").status, grant(workspace).status) == (403, 401)
    assert exchange(workspace, token, client_id=APPLICATION).status == 400
    client = Client(workspace, workspace.add_token(APPLICATION))
    assert client.get("2.0/git-credentials").body.get("credentials", []) == []
