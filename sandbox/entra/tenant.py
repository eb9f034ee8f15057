"""An Entra ID tenant: its app registrations and users, and the access tokens it signs."""
from __future__ import annotations

import base64
import json
import secrets
import uuid
from typing import Any

from sandbox.clock import Clock, SystemClock
from sandbox.entra import errors
from sandbox.entra.federation import AUDIENCE, FederatedCredential, Issuers
from sandbox.entra.grants import Grants, TokenRequest
from sandbox.entra.principals import AppRegistration, Hindrance, Principals, User
from sandbox.entra.token_endpoint import entra_application
from sandbox.entra.web_token import BadTokenError, claims_of, signed
from sandbox.http.message import Application

__all__ = ["AZURE_DEVOPS", "DATABRICKS", "GRAPH", "MANAGEMENT", "AppRegistration", "InvalidTokenError", "Tenant"]

DATABRICKS = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d"
AZURE_DEVOPS = "499b84ac-1321-427f-aa17-267ca6975798"
MANAGEMENT = "https://management.core.windows.net/"
GRAPH = "https://graph.microsoft.com"
_RESOURCES = {resource.rstrip("/"): resource for resource in (DATABRICKS, AZURE_DEVOPS, MANAGEMENT, GRAPH)}
_LIFETIME = 3599
_LIFE = {"token_type": "Bearer", "expires_in": _LIFETIME, "ext_expires_in": _LIFETIME}


class InvalidTokenError(Exception):
    """The token was not signed by this tenant, is not for this resource, or is out of date."""


class Tenant:
    """Signs with `key`, or one that lives as long as the process; whoever must check a token asks `verify`."""

    def __init__(self, tenant_id: str = "", *, clock: Clock | None = None, key: str = "") -> None:
        self.tenant_id = tenant_id or str(uuid.uuid4())
        self.clock = clock or SystemClock()
        self._key = key.encode() or secrets.token_bytes(32)
        self._principals = Principals()
        self._issuers = Issuers(self.clock)
        self._grants = Grants(self.tenant_id, self._principals, self._issuers, self.clock)

    @property
    def application(self) -> Application:
        """Serve this over TLS: msal refuses an authority without."""
        return entra_application(self)

    def register_application(self, display_name: str, *, client_id: str = "", client_secret: str = "",
                             **rules: Any) -> AppRegistration:  # noqa: ANN401 - those of an AppRegistration
        """Add an app registration, or replace the one with this client id."""
        return self._principals.register(AppRegistration(
            display_name, client_id or str(uuid.uuid4()), client_secret or secrets.token_urlsafe(30), **rules))

    def add_federated_credential(self, client_id: str, credential: FederatedCredential) -> None:
        """Let tokens of another issuer stand in for the secret of an application."""
        self._principals.trust(client_id, credential)

    def issue_federated_token(self, issuer: str, subject: str, audience: str = AUDIENCE) -> str:
        """A token of another issuer, such as an Azure DevOps organisation for one of its service connections."""
        return self._issuers.issue(issuer, subject, audience)

    def federated_claims(self, token: str) -> dict[str, Any] | None:
        """What a token of another issuer says, be it out of date or not; None where its signature is not good."""
        return self._issuers.claims(token)

    def add_user(self, user_principal_name: str, password: str = "",
                 hindrance: Hindrance = Hindrance.NONE) -> User:
        """Add a user, or change what stands in the way of one who is there."""
        return self._principals.add_user(user_principal_name, password, hindrance)

    def has_domain_of(self, user_principal_name: str) -> bool:
        return self._principals.has_domain(user_principal_name.rpartition("@")[2])

    def grant_to_application(self, request: TokenRequest) -> dict[str, Any]:
        """The token endpoint's answer to the client credentials flow, or an `EntraError`."""
        registration = self._grants.application(request)
        token = self.sign(self._audience(request), appid=registration.client_id, oid=registration.object_id)
        return {**_LIFE, "access_token": token}

    def grant_to_user(self, request: TokenRequest) -> dict[str, Any]:
        """The token endpoint's answer to a user's name and password, or an `EntraError`."""
        user = self._grants.user(request)
        token = self.sign(self._audience(request), upn=user.user_principal_name, oid=user.object_id)
        return {**_LIFE, "scope": f"{request.resource}/user_impersonation", "access_token": token,
                "id_token": self.sign(request.client_id, preferred_username=user.user_principal_name,
                                      oid=user.object_id),
                "client_info": _client_info(user.object_id, self.tenant_id)}

    def _audience(self, request: TokenRequest) -> str:
        audience = _RESOURCES.get(request.resource.rstrip("/"))
        if audience is None:
            raise errors.unknown_resource(request.resource, self.tenant_id)
        return audience

    def user_token(self, user_principal_name: str, resource: str = DATABRICKS) -> str:
        """A token as an interactive sign-in of this user would give."""
        user = self._principals.user(user_principal_name)
        if user is None:
            raise KeyError(user_principal_name)
        return self.sign(resource, upn=user.user_principal_name, oid=user.object_id)

    def sign(self, audience: str, **identity: str) -> str:
        """An access token for `audience` that carries the claims `identity` (`appid` or `upn`, and `oid`)."""
        now = int(self.clock.now())
        claims = {"aud": audience, "iss": f"https://sts.windows.net/{self.tenant_id}/", "tid": self.tenant_id,
                  "iat": now, "nbf": now, "exp": now + _LIFETIME, "sub": identity.get("oid", ""), "ver": "1.0"}
        return signed({**claims, **identity}, self._key)

    def verify(self, token: str, audience: str) -> dict[str, Any]:
        """The claims of a token signed here for `audience` and valid by this tenant's clock."""
        try:
            claims = claims_of(token, self._key, audience)
        except BadTokenError as error:
            raise InvalidTokenError(str(error)) from error
        if not claims["nbf"] <= self.clock.now() < claims["exp"]:
            message = "token is expired"
            raise InvalidTokenError(message)
        return claims


def _client_info(object_id: str, tenant_id: str) -> str:
    """Without it msal keeps no account for a user's token."""
    text = json.dumps({"uid": object_id, "utid": tenant_id})
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
