"""`POST /oidc/v1/token`: access tokens for service principals, by secret or by a token of an issuer they trust."""
from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from sandbox.databricks.directory import Principal, PrincipalKind
from sandbox.databricks.oauth import errors
from sandbox.databricks.state import WorkspaceState
from sandbox.entra.tenant import Tenant
from sandbox.entra.web_token import signed
from sandbox.http.message import Application, Request, Response, json_response

CLIENT_CREDENTIALS = "client_credentials"
TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"  # noqa: S105 - a grant type
_JWT = "urn:ietf:params:oauth:token-type:jwt"
_LIFETIME = 3600
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def token_endpoint(state: WorkspaceState, tenant: Tenant) -> Application:
    """`tenant` knows the keys of every issuer of this world."""
    # Nobody checks the signature: a token is good because the workspace knows it.
    key = secrets.token_bytes(32)

    def answer(request: Request) -> Response:
        try:
            form = _form(request)
            with state.lock:
                principal = _principal(state, tenant, request, form)
                request.caller = principal.name
                return json_response(_grant(state, principal, form, key), headers=_NO_STORE)
        except errors.OAuthError as error:
            return error.response()

    return answer


def _grant(state: WorkspaceState, principal: Principal, form: dict[str, str], key: bytes) -> dict[str, Any]:
    now, scope = int(state.clock.now()), form.get("scope") or "all-apis"
    claims = {"sub": principal.name, "client_id": principal.name, "scope": scope, "aud": state.org_id,
              "iat": now, "exp": now + _LIFETIME, "jti": secrets.token_hex(16)}
    token = signed(claims, key)
    state.tokens.issue(token, principal.id, _LIFETIME)
    return {"access_token": token, "scope": scope, "token_type": "Bearer", "expires_in": _LIFETIME}


def _principal(state: WorkspaceState, tenant: Tenant, request: Request, form: dict[str, str]) -> Principal:
    grant_type = form.get("grant_type", "")
    if grant_type == CLIENT_CREDENTIALS:
        return _by_secret(state, *_client(request, form))
    if grant_type == TOKEN_EXCHANGE:
        return _by_subject(state, form, tenant.federated_claims)
    raise errors.unknown_grant(grant_type)


def _by_secret(state: WorkspaceState, client_id: str, secret: str) -> Principal:
    """An unknown client, a wrong secret and one who was switched off are not told apart."""
    principal = state.directory.find(PrincipalKind.SERVICE_PRINCIPAL, client_id)
    if principal is None or not principal.active or not state.oauth.proves(principal.id, secret):
        raise errors.wrong_client()
    return principal


def _by_subject(state: WorkspaceState, form: dict[str, str],
                claims_of: Callable[[str], dict[str, Any] | None]) -> Principal:
    """With a client id by that service principal's own policy, without one by the account's."""
    if form.get("subject_token_type") != _JWT:
        raise errors.unknown_token_type(_JWT)
    claims = claims_of(form.get("subject_token", ""))
    if claims is None or not claims["nbf"] <= state.clock.now() < claims["exp"]:
        raise errors.invalid_subject_token()
    client_id = form.get("client_id", "")
    principal = (state.directory.find(PrincipalKind.SERVICE_PRINCIPAL, client_id) if client_id
                 else state.directory.find(PrincipalKind.USER, str(claims.get("sub"))))
    if principal is None or not principal.active or not state.oauth.trusts(principal.id if client_id else "", claims):
        raise errors.untrusted_subject_token()
    return principal


def _client(request: Request, form: dict[str, str]) -> tuple[str, str]:
    """Id and secret, from the header or the form: RFC 6749 §2.3.1."""
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        client_id, _, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise errors.wrong_client() from error
    return unquote_plus(client_id), unquote_plus(secret)


def _form(request: Request) -> dict[str, str]:
    try:
        return dict(parse_qsl(request.body.decode(), errors="strict", max_num_fields=50))
    except ValueError as error:
        raise errors.no_form() from error
