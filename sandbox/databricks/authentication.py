"""Who calls: the owner of a personal access token, or the principal an Entra token was signed for."""
from __future__ import annotations

from sandbox.databricks.directory import Principal, PrincipalKind
from sandbox.databricks.errors import bad_token, refuse_token
from sandbox.databricks.state import WorkspaceState
from sandbox.entra.tenant import DATABRICKS, InvalidTokenError, Tenant
from sandbox.http.message import Request


def authenticate(state: WorkspaceState, tenant: Tenant, request: Request) -> Principal:
    """No token, an unknown one, one for another resource: 403 with the number 403 as code, as the service does."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        refuse_token("Credential was not sent or was of an unsupported type for this API.")
    token = token.strip()
    if token in state.tokens:
        return _member(state, PrincipalKind.USER, state.tokens[token])
    try:
        claims = tenant.verify(token, DATABRICKS)
    except InvalidTokenError as error:
        raise bad_token() from error
    if "appid" in claims:
        return _member(state, PrincipalKind.SERVICE_PRINCIPAL, claims["appid"])
    return _member(state, PrincipalKind.USER, claims.get("upn", ""))


def _member(state: WorkspaceState, kind: PrincipalKind, name: str) -> Principal:
    principal = state.directory.find(kind, name)
    if principal is None:
        refuse_token(f"User not authorized: {name} is not a member of this workspace.")
    return principal
