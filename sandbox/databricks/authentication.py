"""Who calls: the owner of a token of this workspace, or the principal an Entra token was signed for.

https://learn.microsoft.com/azure/databricks/dev-tools/service-prin-aad-token tells who gets in with an Entra token.
"""
from __future__ import annotations

from sandbox.databricks.directory import WORKSPACE_ACCESS, Principal, PrincipalKind
from sandbox.databricks.errors import bad_token, deny, refuse, refuse_token
from sandbox.databricks.state import WorkspaceState
from sandbox.entra.tenant import DATABRICKS, MANAGEMENT, InvalidTokenError, Tenant
from sandbox.http.message import Request

_MANAGEMENT_TOKEN = "X-Databricks-Azure-SP-Management-Token"  # noqa: S105 - the name of a header
_RESOURCE_ID = "X-Databricks-Azure-Workspace-Resource-Id"
_WORKSPACE_ID = "X-Databricks-Workspace-Id"


def authenticate(state: WorkspaceState, tenant: Tenant, request: Request) -> Principal:
    """No token, an unknown one, one for another resource: 403 with the number 403 as code, as the service does."""
    token = _bearer(request)
    owner_id = state.tokens.owner_id(token)
    principal = state.directory.by_id(owner_id) if owner_id else _of_entra(state, tenant, token, request)
    if principal is None:
        raise bad_token()
    if not principal.active:
        refuse_token(f"User not authorized: {principal.name} is not active in this workspace.")
    if WORKSPACE_ACCESS not in state.directory.entitlements_of(principal):
        deny(f"This API is disabled for users without the {WORKSPACE_ACCESS} entitlement.")
    _check_workspace(state, request)
    return principal


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        refuse_token("Credential was not sent or was of an unsupported type for this API.")
    return token.strip()


def _of_entra(state: WorkspaceState, tenant: Tenant, token: str, request: Request) -> Principal:
    try:
        claims = tenant.verify(token, DATABRICKS)
    except InvalidTokenError as error:
        raise bad_token() from error
    if "appid" not in claims:
        return _member(state, PrincipalKind.USER, claims.get("upn", ""))
    application_id = claims["appid"]
    if _is_new_contributor(state, tenant, application_id, request):
        return state.directory.add(PrincipalKind.SERVICE_PRINCIPAL, application_id, admin=True)
    return _member(state, PrincipalKind.SERVICE_PRINCIPAL, application_id)


def _is_new_contributor(state: WorkspaceState, tenant: Tenant, application_id: str, request: Request) -> bool:
    """Who may change the workspace's Azure resource, and proves so with both headers, becomes an admin by that."""
    proof = request.headers.get(_MANAGEMENT_TOKEN)
    known = state.directory.find(PrincipalKind.SERVICE_PRINCIPAL, application_id)
    if known is not None or proof is None or not request.headers.get(_RESOURCE_ID):
        return False
    try:
        claims = tenant.verify(proof, MANAGEMENT)
    except InvalidTokenError:
        return False
    return claims.get("appid") == application_id and application_id.lower() in state.contributors


def _member(state: WorkspaceState, kind: PrincipalKind, name: str) -> Principal:
    principal = state.directory.find(kind, name)
    if principal is None:
        refuse_token(f"User not authorized: {name} is not a member of this workspace.")
    return principal


def _check_workspace(state: WorkspaceState, request: Request) -> None:
    """What clients were told by discovery they send back; the service was not seen to mind another id."""
    named = request.headers.get(_WORKSPACE_ID, state.org_id)
    if state.strict and named != state.org_id:
        refuse(f"strict mode: {_WORKSPACE_ID} names workspace {named!r}, this is {state.org_id!r}")
