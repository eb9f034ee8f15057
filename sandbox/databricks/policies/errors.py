"""What cluster policies refuse; part of the catalogue, in its own room because only they say it."""
from __future__ import annotations

from sandbox.databricks.errors import ApiError, denied, invalid, invalid_state, not_found


def no_policy(policy_id: str) -> ApiError:
    return not_found(f"Can't find a cluster policy with id: {policy_id}.")


def no_family(family_id: str) -> ApiError:
    return not_found(f"Can't find a policy family with id: {family_id}.")


def name_taken(name: str) -> ApiError:
    return invalid(f"Cluster policy name must be unique, there is a policy {name!r} already.")


def only_admins(what: str) -> ApiError:
    return denied(f"Only admin users can {what} cluster policies.")


def default_stays(name: str) -> ApiError:
    return invalid(f"{name!r} is a default policy and cannot be deleted.")


def may_not_use(who: str, policy_id: str) -> ApiError:
    return denied(f"{who} is not authorized to use cluster policy {policy_id}. Please contact your administrator.")


def malformed_definition(policy_id: str, problem: str) -> ApiError:
    """Worded like https://github.com/databricks/cli/pull/6492; the part in brackets is the sandbox's own."""
    return invalid(f"Requests for the policy {policy_id} cannot be satisfied due to the malformed policy definition. "
                   f"Please contact your administrator to correct it ({problem})")


def too_many_clusters(who: str, most: int, policy_id: str) -> ApiError:
    return ApiError(400, "QUOTA_EXCEEDED", f"{who} has reached the limit of {most} active clusters "
                                           f"under cluster policy {policy_id}.")


def policy_is_gone(cluster_id: str, policy_id: str) -> ApiError:
    return invalid_state(f"Cluster {cluster_id} cannot be edited because its cluster policy {policy_id} was deleted.")
