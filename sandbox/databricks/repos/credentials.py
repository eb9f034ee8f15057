"""Git credentials of the workspace's principals; a token that was taken in is never shown again."""
from __future__ import annotations

import base64
import itertools
from dataclasses import dataclass, field

from sandbox.databricks.directory import Principal, PrincipalKind
from sandbox.databricks.errors import invalid
from sandbox.databricks.repos.errors import credential_exists, no_credential
from sandbox.databricks.repos.providers import AZURE_DEVOPS_ENTRA


@dataclass
class GitCredential:
    id: int
    owner: str
    provider: str
    username: str = ""
    email: str = ""
    name: str = ""
    token: str = field(default="", repr=False)
    is_default: bool = False

    def header(self) -> str:
        """The value of an Authorization header; a git server wants some user name, and many take any."""
        pair = f"{self.username or 'token'}:{self.token}"
        return f"Basic {base64.b64encode(pair.encode()).decode()}"


class GitCredentials:
    """A service principal has at most one for each provider, a user several, of which one is the default."""

    def __init__(self) -> None:
        self._by_id: dict[int, GitCredential] = {}
        self._ids = itertools.count(5_000_000_000_000_001, 1_299_709)

    def add(self, owner: Principal, provider: str, *, token: str) -> GitCredential:
        """Without a token only for the provider that stands for the principal's own Entra identity."""
        same = [held for held in self.of(owner) if held.provider == provider]
        if same and owner.kind is PrincipalKind.SERVICE_PRINCIPAL:
            raise credential_exists(provider)
        if not token and provider != AZURE_DEVOPS_ENTRA:
            message = "Missing required field: personal_access_token"
            raise invalid(message)
        credential = GitCredential(next(self._ids), owner.id, provider, token=token, is_default=not same)
        self._by_id[credential.id] = credential
        return credential

    def of(self, owner: Principal) -> list[GitCredential]:
        return [credential for credential in self._by_id.values() if credential.owner == owner.id]

    def get(self, owner: Principal, credential_id: int) -> GitCredential:
        """Somebody else's credential is one that does not exist."""
        found = self._by_id.get(credential_id)
        if found is None or found.owner != owner.id:
            raise no_credential(credential_id)
        return found

    def remove(self, owner: Principal, credential_id: int) -> None:
        """The oldest one left of the provider becomes the default if the default went."""
        gone = self.get(owner, credential_id)
        del self._by_id[gone.id]
        left = [held for held in self.of(owner) if held.provider == gone.provider]
        if gone.is_default and left:
            left[0].is_default = True

    def make_default(self, owner: Principal, chosen: GitCredential) -> None:
        for held in self.of(owner):
            if held.provider == chosen.provider:
                held.is_default = held is chosen

    def default(self, owner: Principal, *providers: str) -> GitCredential | None:
        """The default credential of the first of `providers` that the owner has one for."""
        held = {credential.provider: credential for credential in self.of(owner) if credential.is_default}
        return next((held[provider] for provider in providers if provider in held), None)
