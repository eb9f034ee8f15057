"""What a workspace tells clients that have not signed in yet: where they can, and which tenant it belongs to."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.databricks.oauth.token_endpoint import CLIENT_CREDENTIALS, TOKEN_EXCHANGE, token_endpoint
from sandbox.databricks.state import WorkspaceState
from sandbox.entra.tenant import Tenant
from sandbox.http.message import Application, Request, Response, json_response

OpenRoutes = list[tuple[str, str, Application]]


def open_routes(state: WorkspaceState, tenant: Tenant) -> OpenRoutes:
    """Those that ask for no token."""
    return [
        ("GET", "/.well-known/databricks-config", _told(lambda base: _workspace_facts(base, state.org_id))),
        ("GET", "/oidc/.well-known/oauth-authorization-server", _told(_authorization_server)),
        ("GET", "/oidc/.well-known/openid-configuration", _told(_authorization_server)),
        ("POST", "/oidc/v1/token", token_endpoint(state, tenant)),
        ("GET", "/aad/auth", _entra_login(tenant)),
    ]


def _workspace_facts(base: str, org_id: str) -> dict[str, Any]:
    """As databricks-sdk 0.162 reads it (`oauth.HostMetadata`); it sends `workspace_id` back with every request."""
    return {"oidc_endpoint": f"{base}/oidc", "workspace_id": org_id, "cloud": "Azure", "host_type": "workspace",
            "token_federation_default_oidc_audiences": [f"{base}/oidc/v1/token"]}


def _authorization_server(base: str) -> dict[str, Any]:
    return {
        "issuer": f"{base}/oidc",
        "authorization_endpoint": f"{base}/oidc/v1/authorize",
        "token_endpoint": f"{base}/oidc/v1/token",
        "grant_types_supported": [CLIENT_CREDENTIALS, TOKEN_EXCHANGE],
        "response_types_supported": ["code"],
        "scopes_supported": ["all-apis"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    }


def _told(facts: Callable[[str], dict[str, Any]]) -> Application:
    def answer(request: Request) -> Response:
        return json_response(facts(request.origin))

    return answer


def _entra_login(tenant: Tenant) -> Application:
    def answer(_: Request) -> Response:
        location = f"https://login.microsoftonline.com/{tenant.tenant_id}/oauth2/authorize"
        return Response(302, headers={"Location": location})

    return answer
