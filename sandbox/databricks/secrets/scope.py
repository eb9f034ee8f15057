"""Secret scopes and secrets as the workspace remembers them. Values lie in its state file, mode 0600, as they are."""
from __future__ import annotations

import re
from dataclasses import dataclass, field

from sandbox.databricks.errors import refuse

READ, WRITE, MANAGE = "READ", "WRITE", "MANAGE"
LEVELS = (READ, WRITE, MANAGE)
_NAME = re.compile(r"[\w.@/-]{1,128}", re.ASCII)
_VALUE_LIMIT = 128 * 1024


@dataclass(frozen=True)
class KeyVault:
    """An Azure Key Vault by its ARM id and the address it is called at, `https://<name>.vault.azure.net/`."""

    resource_id: str
    dns_name: str

    @property
    def store(self) -> str:
        """No scope is called so: a scope's name has no colon."""
        return f"vault:{self.dns_name.lower().rstrip('/')}"


@dataclass(frozen=True)
class Scope:
    """`acls` are levels by the ids of principals; with a `vault` the scope only reads what is in there."""

    name: str
    acls: dict[str, str]
    vault: KeyVault | None = None

    @property
    def store(self) -> str:
        """Where its secrets are kept."""
        return self.vault.store if self.vault else self.name


@dataclass(frozen=True)
class Secret:
    """`changed` in seconds since 1970."""

    store: str
    key: str
    value: bytes = field(default=b"", repr=False)
    changed: float = 0.0

    @property
    def id(self) -> str:
        return f"{self.store}\n{self.key}"


def check_name(name: str, what: str) -> None:
    if not _NAME.fullmatch(name):
        refuse(f"{what} {name!r} must have 1 to 128 characters out of letters, digits and -_.@/")


def check_value(value: bytes) -> None:
    if len(value) > _VALUE_LIMIT:
        refuse(f"The secret value has {len(value)} bytes, more than {_VALUE_LIMIT}")
