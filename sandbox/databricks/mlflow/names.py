"""Keys and values that are logged: what they may look like, and how long they may be."""
from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sandbox.databricks.errors import refuse, refuse_missing

LONGEST_KEY, LONGEST_PARAMETER, LONGEST_TAG = 250, 6000, 8000
# https://mlflow.org/docs/latest/rest-api.html#mlflowparam: letters, digits and _ - . space / and, newer, the colon.
_KEY = re.compile(r"[/\w.\- :]+")


def checked_tags(tags: Iterable[dict[str, Any]]) -> dict[str, str]:
    """By key; the last of a key counts."""
    return dict(_pair(tag, LONGEST_TAG) for tag in tags)


def checked_parameters(parameters: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    """In their order: one that comes twice with two values is a change, which is not allowed."""
    return [_pair(parameter, LONGEST_PARAMETER) for parameter in parameters]


def checked_key(key: str) -> str:
    if not key:
        refuse_missing("key")
    if len(key) > LONGEST_KEY:
        refuse(f"Key '{key[:20]}...' had length {len(key)}, which exceeded length limit of {LONGEST_KEY}")
    is_path = key.startswith("/") or ".." in key.split("/")
    if is_path or not _KEY.fullmatch(key):
        refuse(f"Invalid name: '{key}'. Names may only contain alphanumerics, underscores (_), dashes (-), periods (.),"
               " spaces ( ), colons (:) and slashes (/)")
    return key


def _pair(row: dict[str, Any], longest: int) -> tuple[str, str]:
    key, value = checked_key(row.get("key", "")), str(row.get("value", ""))
    if len(value) > longest:
        refuse(f"Value of '{key}' had length {len(value)}, which exceeded length limit of {longest}")
    return key, value
