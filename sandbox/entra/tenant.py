"""An Entra ID tenant: its app registrations and users, and the access tokens it signs."""
from __future__ import annotations

import hmac
import secrets
import threading
import uuid
from dataclasses import dataclass, field
from typing import Any

import jwt

from sandbox.clock import Clock, SystemClock
from sandbox.entra import errors
from sandbox.entra.federation import AUDIENCE, FederatedCredential, Issuers
from sandbox.entra.token_endpoint import TokenRequest, entra_application
from sandbox.http.message import Application

DATABRICKS = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d"
AZURE_DEVOPS = "499b84ac-1321-427f-aa17-267ca6975798"
MANAGEMENT = "https://management.core.windows.net/"
GRAPH = "https://graph.microsoft.com"
_RESOURCES = {resource.rstrip("/"): resource for resource in (DATABRICKS, AZURE_DEVOPS, MANAGEMENT, GRAPH)}
_LIFETIME = 3599


@dataclass(frozen=True)
class AppRegistration:
    """`client_secret` is its only one; past `secret_ends` (seconds since 1970) it is refused as expired."""

    display_name: str
    client_id: str
    client_secret: str = field(repr=False)
    object_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    secret_ends: float = float("inf")


@dataclass(frozen=True)
class User:
    user_principal_name: str
    object_id: str = field(default_factory=lambda: str(uuid.uuid4()))


class InvalidTokenError(Exception):
    """The token was not signed by this tenant, is not for this resource, or is out of date."""


class Tenant:
    """Signs with a key that lives as long as the process; whoever must check a token asks `verify`."""

    def __init__(self, tenant_id: str = "", *, clock: Clock | None = None) -> None:
        self.tenant_id = tenant_id or str(uuid.uuid4())
        self.clock = clock or SystemClock()
        self._key = secrets.token_bytes(32)
        self._applications: dict[str, AppRegistration] = {}
        self._users: dict[str, User] = {}
        self._federated: dict[str, list[FederatedCredential]] = {}
        self._issuers = Issuers(self.clock)
        self._lock = threading.Lock()

    @property
    def application(self) -> Application:
        """Serve this over TLS: msal refuses an authority without."""
        return entra_application(self)

    def register_application(self, display_name: str, *, client_id: str = "", client_secret: str = "",
                             secret_ends: float = float("inf")) -> AppRegistration:
        """Add an app registration, or replace the one with this client id."""
        registration = AppRegistration(display_name, client_id or str(uuid.uuid4()),
                                       client_secret or secrets.token_urlsafe(30), secret_ends=secret_ends)
        with self._lock:
            self._applications[registration.client_id.lower()] = registration
        return registration

    def add_federated_credential(self, client_id: str, credential: FederatedCredential) -> None:
        """Let tokens of another issuer stand in for the secret of an application."""
        with self._lock:
            self._federated.setdefault(client_id.lower(), []).append(credential)

    def issue_federated_token(self, issuer: str, subject: str, audience: str = AUDIENCE) -> str:
        """A token of another issuer, such as an Azure DevOps organisation for one of its service connections."""
        return self._issuers.issue(issuer, subject, audience)

    def add_user(self, user_principal_name: str) -> User:
        with self._lock:
            return self._users.setdefault(user_principal_name.lower(), User(user_principal_name))

    def has_domain_of(self, user_principal_name: str) -> bool:
        domain = user_principal_name.lower().rpartition("@")[2]
        with self._lock:
            return any(name.endswith(f"@{domain}") for name in self._users)

    def grant_to_application(self, request: TokenRequest) -> dict[str, Any]:
        """The token endpoint's answer to the client credentials flow, or an `EntraError`."""
        with self._lock:
            registration = self._applications.get(request.client_id.lower())
        if registration is None:
            raise errors.unknown_application(request.client_id, self.tenant_id)
        if not hmac.compare_digest(registration.client_secret.encode(), request.client_secret.encode()):
            raise errors.wrong_secret(registration.client_id)
        if self.clock.now() >= registration.secret_ends:
            raise errors.expired_secret(registration.client_id)
        audience = _RESOURCES.get(request.resource.rstrip("/"))
        if audience is None:
            raise errors.unknown_resource(request.resource, self.tenant_id)
        return {"token_type": "Bearer", "expires_in": _LIFETIME, "ext_expires_in": _LIFETIME,
                "access_token": self.sign(audience, appid=registration.client_id, oid=registration.object_id)}

    def user_token(self, user_principal_name: str, resource: str = DATABRICKS) -> str:
        """A token as an interactive sign-in of this user would give."""
        user = self._users[user_principal_name.lower()]
        return self.sign(resource, upn=user.user_principal_name, oid=user.object_id)

    def sign(self, audience: str, **identity: str) -> str:
        """An access token for `audience` that carries the claims `identity` (`appid` or `upn`, and `oid`)."""
        now = int(self.clock.now())
        claims = {"aud": audience, "iss": f"https://sts.windows.net/{self.tenant_id}/", "tid": self.tenant_id,
                  "iat": now, "nbf": now, "exp": now + _LIFETIME, "sub": identity.get("oid", ""), "ver": "1.0"}
        return jwt.encode({**claims, **identity}, self._key, algorithm="HS256")

    def verify(self, token: str, audience: str) -> dict[str, Any]:
        """The claims of a token signed here for `audience` and valid by this tenant's clock."""
        # The library knows only the system's time; ours may be moved.
        unchecked = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
        try:
            claims: dict[str, Any] = jwt.decode(token, self._key, ["HS256"], audience=audience, options=unchecked)  # type: ignore[arg-type]
        except jwt.InvalidTokenError as error:
            raise InvalidTokenError(str(error)) from error
        if not claims["nbf"] <= self.clock.now() < claims["exp"]:
            message = "token is expired"
            raise InvalidTokenError(message)
        return claims
