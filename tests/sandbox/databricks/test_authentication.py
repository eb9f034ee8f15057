from __future__ import annotations

import pytest
import requests

from sandbox.clock import FakeClock
from sandbox.databricks.workspace import Workspace
from sandbox.entra.tenant import DATABRICKS, MANAGEMENT, Tenant
from sandbox.http.message import Headers, Request
from sandbox.http.server import Server
from tests.sandbox.databricks.conftest import Client, Reply

ME = "2.0/preview/scim/v2/Me"
MEMBER = "11111111-2222-3333-4444-555555555555"


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
    workspace.add_service_principal(MEMBER)
    token = {
        "unknown": "dapi000", "wrong resource": workspace.tenant.sign(MANAGEMENT, appid=MEMBER),
        "other tenant": Tenant(clock=clock).sign(DATABRICKS, appid=MEMBER),
        "no member": workspace.tenant.sign(DATABRICKS, appid="somebody"),
        "expired": workspace.tenant.sign(DATABRICKS, appid=MEMBER),
    }[kind]
    clock.advance(3600 if kind == "expired" else 0)
    reply = me(workspace, token)
    assert (reply.status, reply.code) == (403, 403)


@pytest.mark.parametrize("header", ["", "Basic YTpi", "Bearer", "Bearer  "])
def test_missing_credential_is_refused(workspace: Workspace, header: str) -> None:
    request = Request("GET", f"/api/{ME}", headers=Headers([("Authorization", header)] if header else []))
    assert workspace.application(request).status == 403


def test_unknown_route_does_not_answer_strangers_either(workspace: Workspace) -> None:
    assert Client(workspace, "dapi000").get("2.0/nothing").status == 403


def test_refusal_tells_its_reason_in_a_header(workspace: Workspace) -> None:
    response = workspace.application(Request("GET", f"/api/{ME}"))
    assert response.headers["X-Databricks-Reason-Phrase"].startswith("Credential was not sent")


def test_name_in_a_refusal_cannot_make_headers(workspace: Workspace) -> None:
    token = workspace.tenant.sign(DATABRICKS, appid="caf\u00e9\r\nX-Made: up \u4e2d")
    with Server(workspace.application) as server:
        reply = requests.get(f"{server.url}/api/{ME}", headers={"Authorization": f"Bearer {token}"}, timeout=5)
    assert (reply.status_code, "X-Made" in reply.headers) == (403, False)


@pytest.mark.parametrize("path", ["/.well-known/databricks-config", "/oidc/.well-known/oauth-authorization-server"])
def test_discovery_answers_404_in_json_without_a_token(workspace: Workspace, path: str) -> None:
    response = workspace.application(Request("GET", path))
    assert (response.status, b"ENDPOINT_NOT_FOUND" in response.body) == (404, True)


def test_login_page_names_the_tenant(workspace: Workspace) -> None:
    response = workspace.application(Request("GET", "/aad/auth"))
    assert (response.status, workspace.tenant.tenant_id in response.headers["Location"]) == (302, True)


def test_the_log_names_the_caller_and_holds_no_token(workspace: Workspace) -> None:
    me(workspace, workspace.token)
    entry = workspace.log.entries()[-1]
    assert (entry.who, entry.status) == ("admin@example.test", 200)
    assert workspace.token not in repr(entry)
