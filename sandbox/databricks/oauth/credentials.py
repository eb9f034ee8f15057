"""What lets a service principal in through the token endpoint: its secrets, and the issuers that may speak for it."""
from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.clock import Clock
from sandbox.databricks.memory import Memory
from sandbox.databricks.tokens.token_store import hash_of


@dataclass(frozen=True)
class OAuthSecret:
    """`secret_hash` is all that is kept of it; `principal_id` is whose it is, `created` in seconds since 1970."""

    secret_id: str
    secret_hash: str
    principal_id: str
    created: float


@dataclass(frozen=True)
class FederationPolicy:
    """Whoever holds a token of `issuer` for `audience` and `subject` is that service principal.

    Without a principal it is the policy of the whole account, and the subject names the user.
    https://docs.databricks.com/dev-tools/auth/oauth-federation-policy
    """

    issuer: str
    audience: str
    subject: str = ""
    principal_id: str = ""

    def fits(self, claims: Mapping[str, Any]) -> bool:
        audiences = claims.get("aud")
        return (claims.get("iss") == self.issuer and self.subject in {"", claims.get("sub")}
                and self.audience in (audiences if isinstance(audiences, list) else [audiences]))


class OAuthCredentials:
    def __init__(self, memory: Memory, clock: Clock) -> None:
        self._clock = clock
        self._secrets = memory.collection("oauth_secret", OAuthSecret)
        self._by_principal = self._secrets.index(lambda secret: [secret.principal_id])
        self._policies = memory.collection("federation_policy", FederationPolicy)
        self._policies_by_principal = self._policies.index(lambda policy: [policy.principal_id])

    def add_secret(self, principal_id: str, value: str = "") -> tuple[str, OAuthSecret]:
        """A new secret, or `value`, which is told this once; the same one again is not a second one."""
        value = value or f"dose{secrets.token_hex(16)}"
        known = next((one for one in self.secrets_of(principal_id) if one.secret_hash == hash_of(value)), None)
        secret = known or OAuthSecret(str(uuid.uuid4()), hash_of(value), principal_id, self._clock.now())
        self._secrets[secret.secret_id] = secret
        return value, secret

    def secrets_of(self, principal_id: str) -> list[OAuthSecret]:
        return self._by_principal.of(principal_id)

    def proves(self, principal_id: str, value: str) -> bool:
        """Whether `value` is one of the principal's secrets."""
        return hash_of(value) in {secret.secret_hash for secret in self.secrets_of(principal_id)}

    def remove_secret(self, secret_id: str) -> None:
        del self._secrets[secret_id]

    def trust(self, policy: FederationPolicy) -> None:
        self._policies[f"{policy.principal_id} {policy.issuer} {policy.subject}"] = policy

    def trusts(self, principal_id: str, claims: Mapping[str, Any]) -> bool:
        """Whether a token with these claims stands for the principal; empty asks the policies of the account."""
        return any(policy.fits(claims) for policy in self._policies_by_principal.of(principal_id))

    def forget_principal(self, principal_id: str) -> None:
        for secret in self.secrets_of(principal_id):
            self.remove_secret(secret.secret_id)
        for policy in self._policies_by_principal.of(principal_id):
            del self._policies[f"{policy.principal_id} {policy.issuer} {policy.subject}"]
