"""What the Secrets API refuses; the words are the service's where a client showed them."""
from __future__ import annotations

from sandbox.databricks.errors import ApiError, already_exists, denied, invalid, not_found


def scope_exists(name: str) -> ApiError:
    """Worded like https://github.com/databricks/databricks-cli/issues/340."""
    return already_exists(f"Scope {name} already exists!")


def too_many_scopes(limit: int) -> ApiError:
    return ApiError(400, "RESOURCE_LIMIT_EXCEEDED", f"The workspace has {limit} secret scopes, no more are possible")


def too_many_secrets(scope: str, limit: int) -> ApiError:
    return ApiError(400, "RESOURCE_LIMIT_EXCEEDED", f"Scope {scope} has {limit} secrets, no more are possible")


def no_scope(name: str) -> ApiError:
    return not_found(f"Scope {name} does not exist!")


def no_secret(scope: str, key: str) -> ApiError:
    return not_found(f"Secret does not exist with scope: {scope} and key: {key}")


def no_acl(scope: str, principal: str) -> ApiError:
    return not_found(f"ACL does not exist with scope: {scope} and principal: {principal}")


def no_principal(name: str) -> ApiError:
    return not_found(f"Principal {name} does not exist")


def no_right(who: str, needed: str, scope: str) -> ApiError:
    return denied(f"User {who} does not have {needed} permission on scope {scope}")


def read_only(scope: str) -> ApiError:
    """The code is the SDK's for what a scope of this kind cannot do; no body was seen."""
    return ApiError(400, "BAD_REQUEST", f"Scope {scope} is backed by an Azure Key Vault: its secrets are set there")


def no_vault_named() -> ApiError:
    """Worded like https://github.com/databricks/databricks-sdk-py/issues/204."""
    return invalid("Scope with Azure KeyVault must have AzureKeyVaultSecretScopeMetadata defined!")


def no_entra_token() -> ApiError:
    """Worded like https://github.com/MicrosoftDocs/azure-docs/issues/65000."""
    return invalid("Scope with Azure KeyVault must have userAADToken defined!")
