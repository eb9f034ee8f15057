"""Making a personal access token, for oneself or for a service principal."""
from __future__ import annotations

import secrets
from typing import Any

from sandbox.databricks.call import Call
from sandbox.databricks.directory import Principal
from sandbox.databricks.errors import refuse
from sandbox.databricks.permissions.kinds import TOKENS
from sandbox.databricks.state import WorkspaceState
from sandbox.databricks.tokens.errors import may_not_use_tokens, scoped_token, too_many_tokens
from sandbox.databricks.tokens.token_store import AccessToken

# https://docs.databricks.com/api/workspace/tokens: without a lifetime a token is good for two years; 600 per user.
_DEFAULT_LIFETIME = 730 * 24 * 3600
_QUOTA = 600


def create_token(call: Call, owner: Principal, fields: dict[str, Any]) -> tuple[str, AccessToken]:
    """The new token, which is told this once, and what is kept of it. `fields` are those of the request."""
    if fields.get("scopes") or fields.get("autoscope_enabled"):
        raise scoped_token()
    lifetime = fields.get("lifetime_seconds") or _DEFAULT_LIFETIME
    if lifetime < 0:
        refuse(f"lifetime_seconds must be positive, got {lifetime}")
    if not may_use_tokens(call.state, owner):
        raise may_not_use_tokens(owner.name)
    if len(call.state.tokens.of(owner.id)) >= _QUOTA:
        raise too_many_tokens(_QUOTA)
    value = new_token()
    return value, call.state.tokens.add(value, owner.id, creator_id=call.caller.id, lifetime=lifetime,
                                        comment=fields.get("comment", ""))


def new_token() -> str:
    return f"dapi{secrets.token_hex(16)}"


def may_use_tokens(state: WorkspaceState, principal: Principal) -> bool:
    return state.access.level(TOKENS, TOKENS.object_type, principal) >= 0


def revoke_forbidden_tokens(state: WorkspaceState) -> None:
    """Who may no longer use tokens loses those there are: https://docs.databricks.com/security/auth/api-access-permissions."""
    for owner_id in {token.owner_id for token in state.tokens.all()}:
        owner = state.directory.by_id(owner_id)
        if owner is None or not may_use_tokens(state, owner):
            state.tokens.remove_personal_of(owner_id)
