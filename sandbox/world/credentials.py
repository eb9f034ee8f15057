"""Tokens, client secrets and ports of a sandbox: made once, so that clones and scripts outlive a restart."""
from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.world.state import State

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
        tokens, ports = data.get("tokens"), data.get("ports")
        return cls(state, str(data["tenant_id"]),
                   {name: str(token) for name, token in tokens.items()} if isinstance(tokens, Mapping) else {},
                   {name: int(port) for name, port in ports.items()} if isinstance(ports, Mapping) else {})

    def token(self, name: str) -> str:
        """The secret called `name`, for instance `azure_devops/anna@example.com`."""
        return self.tokens.setdefault(name, secrets.token_urlsafe(30))

    def databricks_token(self, environment: str) -> str:
        """The personal access token of a workspace's administrator, shaped like the service's."""
        return self.tokens.setdefault(f"databricks/{environment}", f"dapi{secrets.token_hex(16)}")

    def save(self) -> None:
        self.state.write_private(_FILE, {"tenant_id": self.tenant_id, "tokens": self.tokens, "ports": self.ports})
