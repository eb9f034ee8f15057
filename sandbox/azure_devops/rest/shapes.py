"""Parts of what a client sends, refused where they are not of the shape that is wanted."""
from __future__ import annotations

from typing import Any

from sandbox.azure_devops.rest.errors import RestError, bad_request


def mapping(value: object, name: str) -> dict[str, Any]:
    """An object; nothing is an empty one."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _wrong(name, "an object")
    return value


def mappings(value: object, name: str) -> dict[str, dict[str, Any]]:
    """An object of objects."""
    return {key: mapping(one, f"{name}.{key}") for key, one in mapping(value, name).items()}


def rows(value: object, name: str) -> list[Any]:
    """A list; nothing is an empty one."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise _wrong(name, "a list")
    return value


def objects(value: object, name: str) -> list[dict[str, Any]]:
    """A list of objects; nothing is an empty one."""
    return [mapping(one, name) for one in rows(value, name)]


def text(value: object, name: str) -> str:
    """A text; nothing is an empty one."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _wrong(name, "a text")
    return value


def number(value: object, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(name, "a number")
    return value


def _wrong(name: str, expected: str) -> RestError:
    return bad_request(f"The value of {name} is not valid, {expected} was expected.", "VssPropertyValidationException")
