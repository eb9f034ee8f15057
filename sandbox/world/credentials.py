"""Tokens, client secrets and ports of a sandbox: made once, so that clones and scripts outlive a restart."""
from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeGuard, TypeVar

from sandbox.world.state import State

Value = TypeVar("Value")

_FILE = "credentials.json"


@dataclass
class Credentials:
    """Reads what the state folder holds and makes what is missing; `save` keeps it there, for the owner only."""

    state: State
    tenant_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    tokens: dict[str, str] = field(default_factory=dict, repr=False)
    ports: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, state: State) -> Credentials:
        data = state.read(_FILE)
        if not data:
            return cls(state)
        tenant_id, tokens, ports = data.get("tenant_id"), data.get("tokens"), data.get("ports")
        if isinstance(tenant_id, str) and _is_map(tokens, str) and _is_map(ports, int) and _are_ports(ports):
            return cls(state, tenant_id, tokens, ports)
        raise state.unexpected(_FILE, "a tenant_id, tokens and ports")

    def token(self, name: str) -> str:
        """The secret called `name`, for instance `azure_devops/anna@example.com`."""
        return self.tokens.setdefault(name, secrets.token_urlsafe(30))

    def databricks_token(self, environment: str) -> str:
        """The personal access token of a workspace's administrator, shaped like the service's."""
        return self.tokens.setdefault(f"databricks/{environment}", f"dapi{secrets.token_hex(16)}")

    def save(self) -> None:
        self.state.write_private(_FILE, {"tenant_id": self.tenant_id, "tokens": self.tokens, "ports": self.ports})


def _is_map(value: object, kind: type[Value]) -> TypeGuard[dict[str, Value]]:
    return isinstance(value, dict) and all(type(one) is kind for one in value.values())


def _are_ports(numbers: Mapping[str, int]) -> bool:
    return all(0 <= number < 2**16 for number in numbers.values())
