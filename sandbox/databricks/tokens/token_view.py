"""Tokens as administrators see them; never the token itself."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.state import WorkspaceState
from sandbox.databricks.tokens.token_store import AccessToken


def times(token: AccessToken) -> dict[str, int]:
    """In milliseconds since 1970; -1 for a token that never ends."""
    return {"creation_time": int(token.created * 1000),
            "expiry_time": -1 if token.expires is None else int(token.expires * 1000)}


def managed_token(state: WorkspaceState, token: AccessToken) -> dict[str, Any]:
    creator = state.directory.by_id(token.creator_id)
    return {"token_id": token.token_id, **times(token), "comment": token.comment,
            "created_by_id": int(token.creator_id), "created_by_username": creator.name if creator else "",
            "owner_id": int(token.owner_id), "workspace_id": int(state.org_id)}
