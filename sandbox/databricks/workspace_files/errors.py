"""What the workspace's files refuse; part of the catalogue, in its own room because only these routes say it."""
from __future__ import annotations

from sandbox.databricks.errors import ApiError, already_exists, invalid, not_found
from sandbox.http.message import Response, text_response


class BadPathError(ApiError):
    """Plain text, not JSON: https://github.com/databrickslabs/ucx/issues/2882."""

    def __init__(self) -> None:
        super().__init__(400, "BAD_REQUEST", "Invalid request path")

    def response(self) -> Response:
        return text_response(self.message, self.status)


def no_path(path: str) -> ApiError:
    return not_found(f"Path ({path}) doesn't exist.")


def no_parent(folder: str) -> ApiError:
    return not_found(f"The parent folder ({folder}) does not exist.")


def path_exists(path: str) -> ApiError:
    return already_exists(f"Path ({path}) already exists.")


def other_kind(path: str, asked: str, actual: str) -> ApiError:
    return invalid(f"Cannot overwrite the asset at {path} due to type mismatch (asked: {asked}, actual: {actual})")


def not_empty(path: str) -> ApiError:
    return ApiError(400, "DIRECTORY_NOT_EMPTY", f"Folder ({path}) is not empty")


def protected(path: str) -> ApiError:
    return ApiError(400, "DIRECTORY_PROTECTED", f"Folder {path} is protected")


def only_repos_here() -> ApiError:
    """Worded like https://github.com/databrickslabs/dbx/issues/582."""
    return ApiError(400, "DIRECTORY_PROTECTED", "Top-level folder can only contain repos")


def too_large(size: int, limit: int) -> ApiError:
    """Worded like https://github.com/databricks/terraform-provider-databricks/issues/4077."""
    return ApiError(400, "MAX_NOTEBOOK_SIZE_EXCEEDED",
                    f"File size imported is ({size} bytes), exceeded max size ({limit} bytes)")


def too_large_to_export(size: int, limit: int) -> ApiError:
    return ApiError(400, "MAX_NOTEBOOK_SIZE_EXCEEDED", f"Notebook size exceeded limit: {size} > {limit}")


def name_too_long(limit: int) -> ApiError:
    return invalid(f"Path is too long: a notebook's name may have {limit} bytes, its extension on disk included")
