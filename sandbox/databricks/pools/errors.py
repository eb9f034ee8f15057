"""What instance pools refuse; part of the catalogue, in its own room because only they say it."""
from __future__ import annotations

from sandbox.databricks.errors import ApiError, denied, invalid, not_found


def no_pool(pool_id: str) -> ApiError:
    """Worded like https://github.com/databricks/databricks-cli/pull/250."""
    return not_found(f"Can't find an instance pool with id: {pool_id}.")


def name_taken(name: str) -> ApiError:
    return invalid(f"Instance pool name {name!r} is already taken, it must be unique.")


def node_type_stays(node_type_id: str) -> ApiError:
    return invalid(f"node_type_id of an instance pool cannot be changed, it is {node_type_id}")


def may_not_create(who: str) -> ApiError:
    return denied(f"{who} is not authorized to create instance pools. Please contact your administrator.")


def supplied_by_pool(field: str) -> ApiError:
    """Worded like https://github.com/databricks/terraform-provider-databricks/issues/2141."""
    return invalid(f"The field '{field}' cannot be supplied when an instance pool ID is provided.")
