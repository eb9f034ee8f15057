"""Git credentials of the workspace's principals; a token that was taken in is never shown again."""
from __future__ import annotations

import base64
from dataclasses import dataclass, field

from sandbox.databricks.directory import Principal, PrincipalKind
from sandbox.databricks.errors import refuse_missing
from sandbox.databricks.memory import Memory
from sandbox.databricks.repos.errors import credential_exists, no_credential
from sandbox.databricks.repos.providers import AZURE_DEVOPS_ENTRA

# Above 2**53 and odd, so that a client which goes through floating point numbers is found out.
_FIRST_ID, _STEP = 9_507_199_254_740_993, 1_299_710


@dataclass
class GitCredential:
    """`owner` is the id of a principal. The token lies in the workspace's state file, which nobody else may read."""

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

    def __init__(self, memory: Memory) -> None:
        self._held = memory.collection("git_credential", GitCredential)
        self._by_owner = self._held.index(lambda credential: [credential.owner])
        self._new_id = memory.counter("git_credential", _FIRST_ID, _STEP)

    def add(self, owner: Principal, provider: str, *, token: str) -> GitCredential:
        """Without a token only for the provider that stands for the principal's own Entra identity."""
        same = self._same(owner, provider)
        if not token and provider != AZURE_DEVOPS_ENTRA:
            refuse_missing("personal_access_token")
        credential = GitCredential(self._new_id(), owner.id, provider, token=token, is_default=not same)
        self._held[str(credential.id)] = credential
        return credential

    def of(self, owner: Principal) -> list[GitCredential]:
        return self._by_owner.of(owner.id)

    def get(self, owner: Principal, credential_id: int) -> GitCredential:
        """Somebody else's credential is one that does not exist."""
        found = self._held.get(str(credential_id))
        if found is None or found.owner != owner.id:
            raise no_credential(credential_id)
        return found

    def remove(self, owner: Principal, credential_id: int) -> None:
        """The oldest one left of the provider becomes the default if the default went."""
        gone = self.get(owner, credential_id)
        del self._held[str(gone.id)]
        left = [held for held in self.of(owner) if held.provider == gone.provider]
        if gone.is_default and left:
            left[0].is_default = True
            self.changed(left[0])

    def move(self, owner: Principal, credential: GitCredential, provider: str) -> None:
        """To another provider, where it is the default if it is the first one."""
        if credential.provider == provider:
            return
        same = self._same(owner, provider)
        self.remove(owner, credential.id)
        credential.provider, credential.is_default = provider, not same
        self._held[str(credential.id)] = credential

    def changed(self, credential: GitCredential) -> None:
        """To be called after changing one in place."""
        self._held.changed(str(credential.id))

    def make_default(self, owner: Principal, chosen: GitCredential) -> None:
        for held in self.of(owner):
            if held.provider == chosen.provider:
                held.is_default = held is chosen
                self.changed(held)

    def default(self, owner: Principal, *providers: str) -> GitCredential | None:
        """The default credential of the first of `providers` that the owner has one for."""
        held = {credential.provider: credential for credential in self.of(owner) if credential.is_default}
        return next((held[provider] for provider in providers if provider in held), None)

    def _same(self, owner: Principal, provider: str) -> list[GitCredential]:
        """Those there are for the provider, where the owner may have another one."""
        same = [held for held in self.of(owner) if held.provider == provider]
        if same and owner.kind is PrincipalKind.SERVICE_PRINCIPAL:
            raise credential_exists(provider)
        return same
