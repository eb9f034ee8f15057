"""Requests that may be sent again without being done again."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.errors import refuse

_LONGEST = 64


def idempotency_token(fields: dict[str, Any]) -> str:
    """Empty where the request has none."""
    token: str = fields.get("idempotency_token", "")
    if len(token) > _LONGEST:
        refuse(f"idempotency_token: at most {_LONGEST} characters are allowed")
    return token
