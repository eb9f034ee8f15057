"""The one catalogue of what a workspace refuses, with the service's codes and words where those are known."""
from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NoReturn

from sandbox.http.message import Response, json_response

_VERSION = re.compile(r"^/api/[0-9.]+(?=/)")
_LONGEST = 10_000  # of a message: names of a client's own may be as long as a body


class ApiError(Exception):
    """`error_code` is a word, except for a refused token, where the service sends the number 403."""

    def __init__(self, status: int, error_code: str | int, message: str) -> None:
        super().__init__(message[:_LONGEST])
        self.status = status
        self.error_code = error_code
        self.message = message[:_LONGEST]

    def response(self) -> Response:
        reason = {"X-Databricks-Reason-Phrase": "".join(c if 32 <= ord(c) < 127 else "?" for c in self.message)}
        return json_response({"error_code": self.error_code, "message": self.message}, self.status,
                             reason if self.status == 403 else None)


class MissingFieldError(ApiError):
    """The request has no field `name`, which it needs."""

    def __init__(self, name: str) -> None:
        super().__init__(400, "INVALID_PARAMETER_VALUE", f"Missing required field: {name}")
        self.name = name


def invalid(message: str) -> ApiError:
    return ApiError(400, "INVALID_PARAMETER_VALUE", message)


def refuse(message: str) -> NoReturn:
    raise invalid(message)


def refuse_missing(name: str) -> NoReturn:
    raise MissingFieldError(name)


def deny(message: str) -> NoReturn:
    raise denied(message)


def malformed(detail: str) -> ApiError:
    return ApiError(400, "MALFORMED_REQUEST", f"Invalid JSON given in the body of the request - {detail}")


def unknown_route(method: str, path: str) -> ApiError:
    """The service leaves `/api/<version>` out, as several public records of live workspaces show."""
    return ApiError(404, "ENDPOINT_NOT_FOUND", f"No API found for '{method} {_VERSION.sub('', path)}'")


def bad_token(message: str = "Invalid access token.") -> ApiError:
    return ApiError(403, 403, message)


def refuse_token(message: str) -> NoReturn:
    raise bad_token(message)


def denied(message: str) -> ApiError:
    return ApiError(403, "PERMISSION_DENIED", message)


def no_permission(who: str, needed: str, what: str) -> ApiError:
    """Worded like https://github.com/databricks/cli/issues/900."""
    return denied(f"{who} does not have {needed} permissions on {what}. "
                  "Please contact the owner or an administrator for access.")


def no_cluster(cluster_id: str) -> ApiError:
    """400 and not 404: the SDK has an override for exactly this reply."""
    return invalid(f"Cluster {cluster_id} does not exist")


def old_cluster(cluster_id: str) -> ApiError:
    return invalid_state(f"Cannot access cluster {cluster_id} that was terminated or unpinned more than 30 days ago.")


def invalid_state(message: str) -> ApiError:
    return ApiError(400, "INVALID_STATE", message)


def unexpected_state(cluster_id: str, state: str) -> ApiError:
    """Worded like https://github.com/databricks/cli/issues/1372."""
    return invalid_state(f"Cluster {cluster_id} is in unexpected state {state.capitalize()}.")


def unknown_node_type(name: str, known: Iterable[str]) -> ApiError:
    """Worded like https://github.com/databricks/terraform-provider-databricks/issues/220."""
    return invalid(f"Node type {name} is not supported. Supported node types: {', '.join(known)}")


def entry_names_one_principal() -> ApiError:
    return invalid("An access control entry must name exactly one of user_name, group_name, service_principal_name")


def wrong_level(level: object, object_type: str, levels: Iterable[str]) -> ApiError:
    return invalid(f"Permission level {level} is not valid for a {object_type}; valid are {', '.join(levels)}")


def unknown_principal(key: str, name: str) -> ApiError:
    kind = "".join(word.capitalize() for word in key.split("_"))
    return not_found(f"Principal: {kind}({name}) does not exist")


def group_as_owner() -> ApiError:
    return invalid("Groups can not be owners of jobs.")


def one_owner() -> ApiError:
    """Worded like the service for jobs; also when one principal is listed as owner and again as manager."""
    return invalid("The job must have exactly one owner.")


def admins_keep_their_level(wanted: str) -> ApiError:
    """Worded like the service, as the Terraform provider knows it (permissions/update/customizers.go)."""
    return invalid(f"Cannot change permissions for group 'admins' to {wanted}.")


def only_admins_manage_tokens() -> ApiError:
    """Worded like the service, as dbacademy's tests against a real workspace have it."""
    return invalid("Only admins can be given CAN_MANAGE permission on tokens")


def unknown_object_type(segment: str) -> ApiError:
    return invalid(f"{segment}: request_object_type is not recognized")


def no_object(object_type: str, object_id: str) -> ApiError:
    return not_found(f"{object_type.capitalize()} {object_id} does not exist.")


def not_modelled(what: str) -> ApiError:
    """The sandbox says what it does not do; the real service may well do it."""
    return ApiError(501, "NOT_IMPLEMENTED", f"the sandbox does not model {what}")


def already_exists(message: str) -> ApiError:
    return ApiError(400, "RESOURCE_ALREADY_EXISTS", message)


def not_found(message: str) -> ApiError:
    return ApiError(404, "RESOURCE_DOES_NOT_EXIST", message)
