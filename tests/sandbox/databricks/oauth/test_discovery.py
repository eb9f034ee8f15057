from __future__ import annotations

import json
from typing import Any

import pytest
from databricks.sdk import WorkspaceClient

from sandbox.databricks.workspace import Workspace
from sandbox.http.message import Headers, Request
from sandbox.http.server import Server

CONFIG = "/.well-known/databricks-config"
SERVER = "/oidc/.well-known/oauth-authorization-server"


def told(workspace: Workspace, path: str) -> dict[str, Any]:
    response = workspace.application(Request("GET", path, headers=Headers([("Host", "here.test:81")])))
    assert response.status == 200
    return dict(json.loads(response.body))


def test_workspace_tells_its_facts_without_a_token(workspace: Workspace) -> None:
    """A10: with the id that clients send back."""
    assert told(workspace, CONFIG) == {
        "workspace_id": workspace.state.org_id, "oidc_endpoint": "http://here.test:81/oidc", "cloud": "Azure",
        "host_type": "workspace", "token_federation_default_oidc_audiences": ["http://here.test:81/oidc/v1/token"]}


@pytest.mark.parametrize("path", [SERVER, "/oidc/.well-known/openid-configuration"])
def test_authorization_server_tells_its_endpoints_without_a_token(workspace: Workspace, path: str) -> None:
    """A10: where they are depends on the address the workspace was asked at."""
    assert told(workspace, path) == {
        "issuer": "http://here.test:81/oidc", "token_endpoint": "http://here.test:81/oidc/v1/token",
        "authorization_endpoint": "http://here.test:81/oidc/v1/authorize", "response_types_supported": ["code"],
        "grant_types_supported": ["client_credentials", "urn:ietf:params:oauth:grant-type:token-exchange"],
        "scopes_supported": ["all-apis"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"]}


def test_sdk_sends_the_workspace_s_id_back(workspace: Workspace) -> None:
    """A10: it was told by discovery, and goes with each request."""
    with Server(workspace.application) as server:
        client = WorkspaceClient(host=server.url, token=workspace.token)
        assert client.config.workspace_id == workspace.state.org_id
        assert client.current_user.me().user_name == "admin@example.test"
        assert client.get_workspace_id() == int(workspace.state.org_id)


def test_sdk_signs_in_with_an_oauth_secret(workspace: Workspace) -> None:
    workspace.add_service_principal("app-1")
    secret = workspace.add_oauth_secret("app-1")
    with Server(workspace.application) as server:
        client = WorkspaceClient(host=server.url, client_id="app-1", client_secret=secret)
        assert (client.config.auth_type, client.current_user.me().user_name) == ("oauth-m2m", "app-1")


@pytest.mark.parametrize(("header", "status"), [("", 200), ("{org}", 200), ("17", 400)])
def test_strict_mode_refuses_the_id_of_another_workspace(strict_workspace: Workspace, header: str, status: int) -> None:
    """A10: who sends back what discovery told is let in."""
    pairs = [("Authorization", f"Bearer {strict_workspace.token}")]
    if header:
        pairs.append(("X-Databricks-Workspace-Id", header.format(org=strict_workspace.state.org_id)))
    response = strict_workspace.application(Request("GET", "/api/2.0/preview/scim/v2/Me", headers=Headers(pairs)))
    refusal = f"strict mode: X-Databricks-Workspace-Id names workspace '17', this is '{strict_workspace.state.org_id}'"
    assert (response.status, json.loads(response.body).get("message")) == (status, refusal if status == 400 else None)


def test_faithful_mode_takes_the_id_of_another_workspace(workspace: Workspace) -> None:
    """A10: the real service was not seen to mind."""
    headers = Headers([("Authorization", f"Bearer {workspace.token}"), ("X-Databricks-Workspace-Id", "17")])
    assert workspace.application(Request("GET", "/api/2.0/preview/scim/v2/Me", headers=headers)).status == 200
