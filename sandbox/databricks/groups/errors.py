"""What the legacy Groups API refuses; the codes are documented, the words are ours."""
from __future__ import annotations

from sandbox.databricks.errors import ApiError, already_exists, denied, invalid, not_found


def only_for_admins(name: str) -> ApiError:
    return denied(f"{name} is not a workspace admin: only admins may use the Groups API")


def group_exists(name: str) -> ApiError:
    return already_exists(f"Group with name {name} already exists.")


def no_group(name: str) -> ApiError:
    return not_found(f"Group {name} does not exist.")


def no_user(name: str) -> ApiError:
    return not_found(f"User {name} does not exist.")


def no_such_member(name: str, group: str) -> ApiError:
    return not_found(f"{name} is not a member of group {group}.")


def one_name() -> ApiError:
    return invalid("Exactly one of user_name and group_name must be specified")


def member_of_itself(name: str) -> ApiError:
    return invalid(f"Group {name} can not be a member of itself.")


def built_in(name: str) -> ApiError:
    return invalid(f"Group {name} is built in and can not be changed like this.")
