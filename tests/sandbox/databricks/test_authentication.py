from __future__ import annotations

import json

import pytest
import requests

from sandbox.clock import FakeClock
from sandbox.databricks.directory import PrincipalKind
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import DATABRICKS, MANAGEMENT, Tenant
from sandbox.http.message import Headers, Request
from sandbox.http.server import Server
from tests.sandbox.databricks.conftest import Client, Reply

ME = "2.0/preview/scim/v2/Me"
MEMBER = "11111111-2222-3333-4444-555555555555"
APPLICATION = "abcdef01-2222-3333-4444-555555555555"
NO_CREDENTIAL = "Credential was not sent or was of an unsupported type for this API."
RESOURCE = ("X-Databricks-Azure-Workspace-Resource-Id",
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.Databricks/workspaces/dev")


def me(workspace: Workspace, token: str) -> Reply:
    return Client(workspace, token).get(ME)


def test_personal_access_token_is_its_user(workspace: Workspace) -> None:
    assert me(workspace, workspace.token).body["userName"] == "admin@example.test"


def test_entra_token_of_a_member_principal_is_accepted(workspace: Workspace) -> None:
    workspace.add_service_principal(MEMBER)
    assert me(workspace, workspace.tenant.sign(DATABRICKS, appid=MEMBER)).body["userName"] == MEMBER


def test_entra_token_of_a_member_user_is_accepted(workspace: Workspace) -> None:
    workspace.add_user("anna@example.test")
    workspace.tenant.add_user("Anna@example.test")
    assert me(workspace, workspace.tenant.user_token("anna@example.test")).body["userName"] == "anna@example.test"


@pytest.mark.parametrize("kind", ["unknown", "wrong resource", "other tenant", "no member", "expired"])
def test_refused_token_is_403_with_the_number_as_code(workspace: Workspace, clock: FakeClock, kind: str) -> None:
    """A8: an Entra token has to be for Databricks, of this tenant, of a member, and not over."""
    workspace.add_service_principal(MEMBER)
    token = {
        "unknown": "dapi000", "wrong resource": workspace.tenant.sign(MANAGEMENT, appid=MEMBER),
        "other tenant": Tenant(clock=clock).sign(DATABRICKS, appid=MEMBER),
        "no member": workspace.tenant.sign(DATABRICKS, appid="somebody"),
        "expired": workspace.tenant.sign(DATABRICKS, appid=MEMBER),
    }[kind]
    clock.advance(3600 if kind == "expired" else 0)
    reply = me(workspace, token)
    text = "User not authorized: somebody is not a member of this workspace."
    assert (reply.status, reply.code) == (403, 403)
    assert reply.message == (text if kind == "no member" else "Invalid access token.")


@pytest.mark.parametrize("header", ["", "Basic YTpi", "Bearer", "Bearer  "])
def test_missing_credential_is_refused(workspace: Workspace, header: str) -> None:
    """A8: a request without a token is refused like one with a wrong token."""
    request = Request("GET", f"/api/{ME}", headers=Headers([("Authorization", header)] if header else []))
    response = workspace.application(request)
    assert (response.status, json.loads(response.body)) == (403, {"error_code": 403, "message": NO_CREDENTIAL})


@pytest.mark.parametrize(("scheme", "status"), [("Bearer", 200), ("bearer ", 200), ("Basic", 403), ("Token", 403)])
def test_only_a_bearer_token_is_a_credential(workspace: Workspace, scheme: str, status: int) -> None:
    """A8: a good token under another scheme lets nobody in."""
    headers = Headers([("Authorization", f"{scheme} {workspace.token}")])
    response = workspace.application(Request("GET", f"/api/{ME}", headers=headers))
    assert (response.status, NO_CREDENTIAL in response.body.decode()) == (status, status == 403)


def test_unknown_route_does_not_answer_strangers_either(workspace: Workspace) -> None:
    assert Client(workspace, "dapi000").get("2.0/nothing").status == 403


def test_refusal_tells_its_reason_in_a_header(workspace: Workspace) -> None:
    response = workspace.application(Request("GET", f"/api/{ME}"))
    assert response.headers["X-Databricks-Reason-Phrase"] == NO_CREDENTIAL


def test_only_a_403_tells_its_reason_in_a_header(workspace: Workspace) -> None:
    headers = Headers([("Authorization", f"Bearer {workspace.token}")])
    response = workspace.application(Request("GET", "/api/2.1/clusters/get", headers=headers))
    assert (response.status, "X-Databricks-Reason-Phrase" in response.headers) == (400, False)


def test_name_in_a_refusal_cannot_make_headers(workspace: Workspace) -> None:
    token = workspace.tenant.sign(DATABRICKS, appid="caf\u00e9\r\nX-Made:\x7f up \u4e2d")
    with Server(workspace.application) as server:
        reply = requests.get(f"{server.url}/api/{ME}", headers={"Authorization": f"Bearer {token}"}, timeout=30)
    assert (reply.status_code, "X-Made" in reply.headers) == (403, False)
    assert reply.headers["X-Databricks-Reason-Phrase"] == (
        "User not authorized: caf???X-Made:? up ? is not a member of this workspace.")
    assert reply.headers["X-Databricks-Org-Id"] == workspace.state.org_id


def test_login_page_names_the_tenant(workspace: Workspace) -> None:
    response = workspace.application(Request("GET", "/aad/auth"))
    assert (response.status, workspace.tenant.tenant_id in response.headers["Location"]) == (302, True)


def test_the_log_names_the_caller_and_holds_no_token(workspace: Workspace) -> None:
    me(workspace, workspace.token)
    entry = workspace.log.entries()[-1]
    assert (entry.who, entry.status) == ("admin@example.test", 200)
    assert workspace.token not in repr(entry)


def with_headers(workspace: Workspace, token: str, *pairs: tuple[str, str]) -> int:
    headers = Headers([("Authorization", f"Bearer {token}"), *pairs])
    return workspace.application(Request("GET", f"/api/{ME}", headers=headers)).status


def management(workspace: Workspace, application_id: str = MEMBER) -> tuple[str, str]:
    return "X-Databricks-Azure-SP-Management-Token", workspace.tenant.sign(MANAGEMENT, appid=application_id)


def test_member_may_send_the_management_token_besides(workspace: Workspace) -> None:
    """A8: as the SDK always does for service principals; alone it does not let anyone in."""
    workspace.add_service_principal(MEMBER)
    token = workspace.tenant.sign(DATABRICKS, appid=MEMBER)
    assert with_headers(workspace, token, management(workspace)) == 200
    assert with_headers(workspace, management(workspace)[1], management(workspace)) == 403


def test_contributor_with_both_headers_becomes_an_admin(workspace: Workspace) -> None:
    workspace.add_contributor(APPLICATION.upper())
    token = workspace.tenant.sign(DATABRICKS, appid=APPLICATION.upper())
    assert with_headers(workspace, token, management(workspace, APPLICATION.upper()), RESOURCE) == 200
    assert with_headers(workspace, token) == 200
    assert "admins" in [row["display"] for row in me(workspace, token).body["groups"]]


@pytest.mark.parametrize("lacks", ["role", "token", "resource", "same application", "resource of the token"])
def test_stranger_needs_the_role_and_both_headers(workspace: Workspace, lacks: str) -> None:
    """A8: one of them missing, and a service principal that is no member stays outside."""
    if lacks != "role":
        workspace.add_contributor(MEMBER)
    proof = {"same application": management(workspace, "other"),
             "resource of the token": (management(workspace)[0], workspace.tenant.sign(DATABRICKS, appid=MEMBER)),
             }.get(lacks, management(workspace))
    pairs = [*([] if lacks == "token" else [proof]), *([] if lacks == "resource" else [RESOURCE])]
    token = workspace.tenant.sign(DATABRICKS, appid=MEMBER)
    assert (with_headers(workspace, token, *pairs), with_headers(workspace, token)) == (403, 403)


def test_user_who_was_switched_off_is_refused_like_a_stranger(workspace: Workspace, stranger: Client) -> None:
    """A8: with a token that is still good."""
    principal = workspace.state.directory.find(PrincipalKind.USER, "stranger@example.test")
    assert principal is not None
    workspace.state.directory.change(principal.id, active=False)
    reply = stranger.get(ME)
    assert (reply.status, reply.code) == (403, 403)
    assert reply.message == "User not authorized: stranger@example.test is not active in this workspace."


def test_token_whose_owner_is_gone_is_unknown(workspace: Workspace, stranger: Client) -> None:
    """A8: even if the token was forgotten to be forgotten."""
    principal = workspace.state.directory.find(PrincipalKind.USER, "stranger@example.test")
    assert principal is not None
    workspace.state.directory.remove(principal)
    reply = stranger.get(ME)
    assert (reply.status, reply.code, reply.message) == (403, 403, "Invalid access token.")


def test_api_is_closed_to_those_without_workspace_access(workspace: Workspace, stranger: Client) -> None:
    """B17: the entitlement counts, be it one's own or that of a group."""
    directory = workspace.state.directory
    for kind, name in ((PrincipalKind.USER, "stranger@example.test"), (PrincipalKind.GROUP, "users")):
        assert stranger.get(ME).status == 200
        principal = directory.find(kind, name)
        assert principal is not None
        directory.change(principal.id, entitlements=frozenset())
    refused = stranger.get(ME)
    assert (refused.status, refused.message) == (
        403, "This API is disabled for users without the workspace-access entitlement.")
    assert me(workspace, workspace.token).status == 200


def test_token_of_a_service_principal_is_the_service_principal_s(workspace: Workspace) -> None:
    """B17: personal access tokens are not for users only."""
    workspace.add_service_principal(MEMBER)
    assert me(workspace, workspace.add_token(MEMBER)).body["userName"] == MEMBER


def test_token_is_given_only_to_members(workspace: Workspace) -> None:
    with pytest.raises(KeyError):
        workspace.add_token("nobody@example.test")
