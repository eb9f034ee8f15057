"""What Unity Catalog refuses; part of the catalogue, in its own room because only these routes say it."""
from __future__ import annotations

from sandbox.databricks.errors import ApiError, already_exists, denied, invalid, invalid_state, not_found


def no_model(full_name: str) -> ApiError:
    return not_found(f"Routine or Model '{full_name}' does not exist.")


def model_exists(name: str) -> ApiError:
    return already_exists(f"Routine or Model '{name}' already exists")


def bad_full_name(name: str) -> ApiError:
    return invalid(f"'{name[:200]}' is not a valid name of a model in Unity Catalog; it must have three parts, as in "
                   "catalog.schema.model")


def no_catalog(name: str) -> ApiError:
    return ApiError(404, "CATALOG_DOES_NOT_EXIST", f"Catalog '{name}' does not exist.")


def no_schema(full_name: str) -> ApiError:
    return ApiError(404, "SCHEMA_DOES_NOT_EXIST", f"Schema '{full_name}' does not exist.")


def exists(kind: str, full_name: str) -> ApiError:
    return ApiError(400, f"{kind.upper()}_ALREADY_EXISTS", f"{kind.capitalize()} '{full_name}' already exists")


def not_empty(kind: str, full_name: str) -> ApiError:
    return ApiError(400, f"{kind.upper()}_NOT_EMPTY", f"{kind.capitalize()} '{full_name}' is not empty")


def no_version(full_name: str, version: object) -> ApiError:
    return not_found(f"Model Version '{full_name}' version {version} does not exist.")


def no_alias(full_name: str, alias: str) -> ApiError:
    return not_found(f"Alias '{alias}' of model '{full_name}' does not exist.")


def no_principal(name: str) -> ApiError:
    """Worded like https://github.com/databricks/terraform-provider-databricks/issues/1773."""
    return ApiError(404, "PRINCIPAL_DOES_NOT_EXIST", f"Could not find principal with name {name}")


def lacks(user: str, privilege: str, what: str) -> ApiError:
    return denied(f"User {user} does not have {privilege} on {what}.")


def files_are_final(what: str, version: int) -> ApiError:
    return invalid_state(f"The files of model version {version} ({what}) cannot be changed once it is "
                         "registered")
