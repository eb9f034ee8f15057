"""Workload identity federation: tokens of other issuers that stand in for an app registration's secret.

The issuers live in this sandbox, so their keys are made here; the real tenant fetches them from the issuer's address.
https://learn.microsoft.com/entra/workload-id/workload-identity-federation
"""
from __future__ import annotations

import secrets
import threading
import uuid
from dataclasses import dataclass
from typing import Any

from sandbox.clock import Clock
from sandbox.entra.web_token import BadTokenError, claims_of, signed

AUDIENCE = "api://AzureADTokenExchange"
# Azure Pipelines renews after eight minutes, "two minutes before expiry".
LIFETIME = 600


@dataclass(frozen=True)
class FederatedCredential:
    """On an app registration: whoever holds a token of `issuer` for `subject` is that application."""

    issuer: str
    subject: str
    audience: str = AUDIENCE


class Issuers:
    """The keys of every issuer that tokens of this tenant's world come from."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._keys: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def issue(self, issuer: str, subject: str, audience: str = AUDIENCE) -> str:
        """A token as `issuer` gives it to `subject`; good for ten minutes."""
        now = int(self._clock.now())
        claims = {"jti": str(uuid.uuid4()), "iss": issuer, "sub": subject, "aud": audience,
                  "iat": now, "nbf": now, "exp": now + LIFETIME}
        return signed(claims, self._key(issuer))

    def claims(self, token: str) -> dict[str, Any] | None:
        """What a token says, by the signature of the issuer it names; None where that is not good."""
        try:
            key = self._keys.get(str(claims_of(token, None).get("iss")))
            return claims_of(token, key) if key else None
        except BadTokenError:
            return None

    def _key(self, issuer: str) -> bytes:
        with self._lock:
            return self._keys.setdefault(issuer, secrets.token_bytes(32))
