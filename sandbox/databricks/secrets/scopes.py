"""Secret scopes: values nobody lists, and who may read, write and manage them."""
from __future__ import annotations

import re
from dataclasses import dataclass, field

from sandbox.databricks.directory import USERS, Directory, Principal, PrincipalKind
from sandbox.databricks.errors import ApiError, denied, not_found, refuse

READ, WRITE, MANAGE = "READ", "WRITE", "MANAGE"
_LEVELS = (READ, WRITE, MANAGE)
_NAME = re.compile(r"[\w.@/-]{1,128}", re.ASCII)
_VALUE_LIMIT = 128 * 1024
_SECRETS_LIMIT = 1000


@dataclass
class Secret:
    """`changed` in seconds since 1970."""

    value: bytes = field(repr=False)
    changed: float = 0.0


@dataclass
class Scope:
    """`acls` by the key of a principal: as it is named, and its level."""

    secrets: dict[str, Secret] = field(default_factory=dict)
    acls: dict[tuple[PrincipalKind, str], tuple[str, str]] = field(default_factory=dict)


class SecretScopes:
    """Admins manage every scope, as in the service; whoever creates one manages it."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._scopes: dict[str, Scope] = {}

    def create(self, name: str, creator: Principal, *, for_all_users: bool = False) -> None:
        check_name(name, "scope")
        if name in self._scopes:
            raise ApiError(400, "RESOURCE_ALREADY_EXISTS", _already(name))
        scope = self._scopes[name] = Scope()
        everyone = self._directory.find(PrincipalKind.GROUP, USERS)
        manager = everyone if for_all_users and everyone else creator
        scope.acls[manager.key] = (manager.name, MANAGE)

    def delete(self, name: str, caller: Principal) -> None:
        self.scope(name, caller, MANAGE)
        del self._scopes[name]

    def names(self, caller: Principal) -> list[str]:
        return [name for name in sorted(self._scopes) if self._rank(self._scopes[name], caller) >= 0]

    def scope(self, name: str, caller: Principal, needed: str) -> Scope:
        scope = self._scopes.get(name)
        if scope is None:
            message = f"Scope {name} does not exist!"
            raise not_found(message)
        if self._rank(scope, caller) < _LEVELS.index(needed):
            message = f"User {caller.name} does not have {needed} permission on scope {name}"
            raise denied(message)
        return scope

    def put(self, name: str, key: str, value: bytes, *, caller: Principal, now: float) -> None:
        scope = self.scope(name, caller, WRITE)
        check_name(key, "key")
        if len(value) > _VALUE_LIMIT:
            refuse(f"The secret value has {len(value)} bytes, more than {_VALUE_LIMIT}")
        if key not in scope.secrets and len(scope.secrets) >= _SECRETS_LIMIT:
            message = f"Scope {name} has {_SECRETS_LIMIT} secrets, no more are possible"
            raise ApiError(400, "RESOURCE_LIMIT_EXCEEDED", message)
        scope.secrets[key] = Secret(value, now)

    def value(self, name: str, key: str, caller: Principal) -> bytes:
        return _secret(self.scope(name, caller, READ), name, key).value

    def keys(self, name: str, caller: Principal) -> list[str]:
        return sorted(self.scope(name, caller, READ).secrets)

    def remove(self, name: str, key: str, caller: Principal) -> None:
        scope = self.scope(name, caller, WRITE)
        _secret(scope, name, key)
        del scope.secrets[key]

    def grant(self, name: str, principal: str, level: str, caller: Principal) -> None:
        """Again for the same principal replaces what it had."""
        scope = self.scope(name, caller, MANAGE)
        found = self._principal(principal)
        scope.acls[found.key] = (found.name, level)

    def granted(self, name: str, principal: str, caller: Principal) -> tuple[str, str]:
        acls = self.scope(name, caller, READ).acls
        found = self._principal(principal)
        if found.key not in acls:
            message = f"ACL does not exist with scope: {name} and principal: {principal}"
            raise not_found(message)
        return acls[found.key]

    def revoke(self, name: str, principal: str, caller: Principal) -> None:
        scope = self.scope(name, caller, MANAGE)
        self.granted(name, principal, caller)
        del scope.acls[self._principal(principal).key]

    def _rank(self, scope: Scope, caller: Principal) -> int:
        if self._directory.is_admin(caller):
            return _LEVELS.index(MANAGE)
        identities = [caller, *self._directory.groups_of(caller)]
        return max((_LEVELS.index(scope.acls[who.key][1]) for who in identities if who.key in scope.acls), default=-1)

    def _principal(self, name: str) -> Principal:
        """A user's name, a service principal's application id or a group's display name."""
        for kind in PrincipalKind:
            found = self._directory.find(kind, name)
            if found is not None:
                return found
        message = f"Principal {name} does not exist"
        raise not_found(message)


def check_name(name: str, what: str) -> None:
    if not _NAME.fullmatch(name):
        refuse(f"{what} {name!r} must have 1 to 128 characters out of letters, digits and -_.@/")


def _secret(scope: Scope, name: str, key: str) -> Secret:
    if key not in scope.secrets:
        message = f"Secret does not exist with scope: {name} and key: {key}"
        raise not_found(message)
    return scope.secrets[key]


def _already(name: str) -> str:
    """Worded like https://github.com/databricks/databricks-cli/issues/340."""
    return f"Scope {name} already exists!"
