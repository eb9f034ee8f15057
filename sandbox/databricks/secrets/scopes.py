"""Secret scopes: values nobody lists, and who may read, write and manage them."""
from __future__ import annotations

from sandbox.databricks.directory import USERS, Directory, Principal, PrincipalKind
from sandbox.databricks.memory import Memory
from sandbox.databricks.secrets import errors
from sandbox.databricks.secrets.scope import (
    LEVELS,
    MANAGE,
    READ,
    WRITE,
    KeyVault,
    Scope,
    Secret,
    check_name,
    check_value,
)

_SECRETS_LIMIT = 1000
# https://learn.microsoft.com/azure/databricks/resources/limits
_SCOPES_LIMIT = 1000


class SecretScopes:
    """Admins manage every scope, as in the service; whoever creates one manages it.

    What is in a key vault is `put_in_vault` by whoever sets up the sandbox: there is no Azure behind it.
    """

    def __init__(self, directory: Directory, memory: Memory) -> None:
        self._directory = directory
        self._scopes = memory.collection("secret_scope", Scope)
        self._secrets = memory.collection("secret", Secret)
        self._by_store = self._secrets.index(lambda secret: [secret.store])

    def create(self, name: str, creator: Principal, *, for_all_users: bool = False,
               vault: KeyVault | None = None) -> None:
        check_name(name, "scope")
        if name in self._scopes:
            raise errors.scope_exists(name)
        if len(self._scopes) >= _SCOPES_LIMIT:
            raise errors.too_many_scopes(_SCOPES_LIMIT)
        everyone = self._directory.find(PrincipalKind.GROUP, USERS)
        manager = everyone if for_all_users and everyone else creator
        self._scopes[name] = Scope(name, {manager.id: MANAGE}, vault)

    def delete(self, name: str, caller: Principal) -> None:
        """A key vault keeps what is in it."""
        scope = self.scope(name, caller, MANAGE)
        for secret in self._by_store.of(scope.store) if scope.vault is None else ():
            del self._secrets[secret.id]
        del self._scopes[name]

    def names(self) -> list[str]:
        """Everyone may know them: https://learn.microsoft.com/azure/databricks/security/secrets/secret-scopes."""
        return [scope.name for scope in self.all()]

    def all(self) -> list[Scope]:
        """By name."""
        return sorted(self._scopes.values(), key=lambda scope: scope.name)

    def scope(self, name: str, caller: Principal, needed: str) -> Scope:
        scope = self._scopes.get(name)
        if scope is None:
            raise errors.no_scope(name)
        if self._rank(scope, caller) < LEVELS.index(needed):
            raise errors.no_right(caller.name, needed, name)
        return scope

    def put(self, name: str, key: str, value: bytes, *, caller: Principal, now: float) -> None:
        scope = self._writable(name, caller)
        check_name(key, "key")
        check_value(value)
        secret = Secret(scope.store, key, value, now)
        if secret.id not in self._secrets and len(self._by_store.of(scope.store)) >= _SECRETS_LIMIT:
            raise errors.too_many_secrets(name, _SECRETS_LIMIT)
        self._keep(secret)

    def put_in_vault(self, dns_name: str, key: str, value: bytes, *, now: float = 0.0) -> None:
        """What scopes backed by the key vault of this name can read from now on."""
        self._keep(Secret(KeyVault("", dns_name).store, key, value, now))

    def value(self, name: str, key: str, caller: Principal) -> bytes:
        return self._secret(self.scope(name, caller, READ), key).value

    def keys(self, name: str, caller: Principal) -> list[str]:
        return [secret.key for secret in self.secrets(name, caller)]

    def secrets(self, name: str, caller: Principal) -> list[Secret]:
        """By their keys."""
        return sorted(self._by_store.of(self.scope(name, caller, READ).store), key=lambda secret: secret.key)

    def remove(self, name: str, key: str, caller: Principal) -> None:
        del self._secrets[self._secret(self._writable(name, caller), key).id]

    def grant(self, name: str, principal: str, level: str, caller: Principal) -> None:
        """Again for the same principal replaces what it had."""
        scope = self.scope(name, caller, MANAGE)
        self._change_acls(scope, {**scope.acls, self._principal(principal).id: level})

    def granted(self, name: str, principal: str, caller: Principal) -> tuple[str, str]:
        acls = self.scope(name, caller, MANAGE).acls
        found = self._principal(principal)
        if found.id not in acls:
            raise errors.no_acl(name, principal)
        return found.name, acls[found.id]

    def all_granted(self, name: str, caller: Principal) -> list[tuple[str, str]]:
        """Name and level of each principal that is still there, as they were first granted something."""
        acls = self.scope(name, caller, MANAGE).acls
        found = [(self._directory.by_id(who), level) for who, level in acls.items()]
        return [(principal.name, level) for principal, level in found if principal is not None]

    def revoke(self, name: str, principal: str, caller: Principal) -> None:
        scope = self.scope(name, caller, MANAGE)
        self.granted(name, principal, caller)
        gone = self._principal(principal).id
        self._change_acls(scope, {who: level for who, level in scope.acls.items() if who != gone})

    def _change_acls(self, scope: Scope, acls: dict[str, str]) -> None:
        self._scopes[scope.name] = Scope(scope.name, acls, scope.vault)

    def _keep(self, secret: Secret) -> None:
        self._secrets[secret.id] = secret

    def _writable(self, name: str, caller: Principal) -> Scope:
        scope = self.scope(name, caller, WRITE)
        if scope.vault is not None:
            raise errors.read_only(name)
        return scope

    def _secret(self, scope: Scope, key: str) -> Secret:
        secret = self._secrets.get(Secret(scope.store, key).id)
        if secret is None:
            raise errors.no_secret(scope.name, key)
        return secret

    def _rank(self, scope: Scope, caller: Principal) -> int:
        if self._directory.is_admin(caller):
            return LEVELS.index(MANAGE)
        identities = self._directory.identities_of(caller)
        return max((LEVELS.index(scope.acls[who.id]) for who in identities if who.id in scope.acls), default=-1)

    def _principal(self, name: str) -> Principal:
        """A user's name, a service principal's application id or a group's display name."""
        for kind in PrincipalKind:
            found = self._directory.find(kind, name)
            if found is not None:
                return found
        raise errors.no_principal(name)
