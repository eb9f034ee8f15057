"""What DBFS refuses; part of the catalogue, in its own room because only these routes say it."""
from __future__ import annotations

from sandbox.databricks.errors import ApiError, already_exists, invalid, not_found


def no_path(path: str) -> ApiError:
    return not_found(f"No file or directory exists on path {path}.")


def path_exists(path: str) -> ApiError:
    return already_exists(f"A file or directory already exists at the input path {path}.")


def no_handle(handle: int) -> ApiError:
    return not_found(f"No open stream has the handle {handle}.")


def block_too_large(size: int, limit: int) -> ApiError:
    return ApiError(400, "MAX_BLOCK_SIZE_EXCEEDED", f"A block has at most {limit} bytes, got {size}.")


def read_too_large(size: int, limit: int) -> ApiError:
    return ApiError(400, "MAX_READ_SIZE_EXCEEDED", f"At most {limit} bytes can be read at once, asked for {size}.")


def not_empty(path: str) -> ApiError:
    return ApiError(400, "IO_ERROR", f"The directory {path} is not empty; delete it with recursive=true.")


def no_file(path: str) -> ApiError:
    return invalid(f"The path {path} is not a file.")
