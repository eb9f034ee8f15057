"""What the token APIs refuse."""
from __future__ import annotations

from sandbox.databricks.errors import ApiError, denied, not_found, not_modelled


def no_token(token_id: str) -> ApiError:
    return not_found(f"Token with ID {token_id} does not exist")


def scoped_token() -> ApiError:
    return not_modelled("personal access tokens that are limited to scopes")


def too_many_tokens(quota: int) -> ApiError:
    return ApiError(400, "QUOTA_EXCEEDED",
                    f"The quota for the number of tokens has been reached. The current quota is {quota}.")


def may_not_use_tokens(name: str) -> ApiError:
    return denied(f"{name} does not have permission to create or use personal access tokens")


def only_for_admins(name: str) -> ApiError:
    return denied(f"{name} is not a workspace admin: only admins may manage the tokens of others")
