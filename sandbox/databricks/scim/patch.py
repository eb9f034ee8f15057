"""Applies the operations of a SCIM PATCH (RFC 7644 §3.5.2) to a resource."""
from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from typing import Any

from sandbox.databricks.scim import errors
from sandbox.databricks.scim.scim_filter import Filter, read_filter

Json = Any  # what an operation brings is anything until it has been looked at
_LISTS = ("emails", "entitlements", "groups", "members", "roles")
_PATH = re.compile(r"(\w+)(?:\[(.+)\])?(?:\.([\w$]+))?")
_OPERATIONS = {"add", "replace", "remove"}


@dataclass(frozen=True)
class _Target:
    """`attribute`, or the part `part` of it, or of the list those values that fit `chosen`."""

    attribute: str
    chosen: Filter | None
    part: str


def patched(resource: dict[str, Any], operations: list[Json]) -> dict[str, Any]:
    """The resource after all operations; the one given stays as it is."""
    changed = copy.deepcopy(resource)
    for operation in operations:
        if not isinstance(operation, dict) or not isinstance(operation.get("path") or "", str):
            problem = "An operation must be a map with op, path and value."
            raise errors.bad_patch(problem)
        action = str(operation.get("op")).lower()
        if action not in _OPERATIONS:
            problem = f"op must be one of add, remove, replace, got {operation.get('op')!r}."
            raise errors.bad_patch(problem)
        _apply(changed, action, operation.get("path") or "", operation.get("value"))
    return changed


def _apply(resource: dict[str, Any], action: str, path: str, value: Json) -> None:
    if action == "remove":
        _remove(resource, _target(resource, path), value)
    elif path:
        _put(resource, action, _target(resource, path), value)
    elif isinstance(value, dict):
        for name, part in value.items():
            _put(resource, action, _target(resource, name), part)
    else:
        problem = "Without a path the value must be a map."
        raise errors.bad_patch(problem)


def _target(resource: dict[str, Any], path: str) -> _Target:
    """Names are found in any case; the name of a schema before them is left out."""
    found = _PATH.fullmatch(path.rpartition(":")[2] if path.startswith("urn:") else path)
    if found is None:
        raise errors.bad_path(path)
    known = {name.lower(): name for name in (*_LISTS, *resource)}
    return _Target(known.get(found[1].lower(), found[1]), read_filter(found[2]) if found[2] else None, found[3] or "")


def _put(resource: dict[str, Any], action: str, target: _Target, value: Json) -> None:
    if value is None:
        # Worded like https://github.com/databricks/terraform-provider-databricks/issues/1866.
        problem = "Error in performing the patch operation on the resource: the value is missing."
        raise errors.bad_value(problem)
    if target.chosen is not None:
        _put_into_chosen(resource, target, value)
    elif target.attribute in _LISTS:
        before = resource.get(target.attribute, []) if action == "add" else []
        resource[target.attribute] = _joined(before, _items(value))
    elif target.part:
        resource[target.attribute] = {**_map(resource.get(target.attribute)), target.part: value}
    else:
        resource[target.attribute] = value


def _put_into_chosen(resource: dict[str, Any], target: _Target, value: Json) -> None:
    chosen = _chosen(resource, target)
    if not chosen:
        raise errors.no_such_attribute(target.attribute)
    for item in chosen:
        item.update({target.part: value} if target.part else _map(value))


def _remove(resource: dict[str, Any], target: _Target, value: Json) -> None:
    """Who lists values takes those away. A value that is not there is no error, an attribute without any is one."""
    if target.attribute not in _LISTS and target.chosen is None:
        _remove_part(resource, target)
        return
    if target.attribute not in _LISTS or not resource.get(target.attribute):
        raise errors.no_such_attribute(target.attribute)
    gone = _chosen(resource, target) if target.chosen else resource[target.attribute]
    if target.part:
        for item in gone:
            item.pop(target.part, None)
        return
    if value is not None:
        named = {str(item.get("value")) for item in _items(value)}
        gone = [item for item in gone if item.get("value") in named]
    resource[target.attribute] = [item for item in resource[target.attribute] if item not in gone]


def _remove_part(resource: dict[str, Any], target: _Target) -> None:
    if target.part:
        kept = {name: value for name, value in _map(resource.get(target.attribute)).items() if name != target.part}
        resource[target.attribute] = kept
    else:
        resource.pop(target.attribute, None)


def _chosen(resource: dict[str, Any], target: _Target) -> list[dict[str, Any]]:
    if target.attribute not in _LISTS or target.chosen is None:
        return []
    return [item for item in resource.get(target.attribute, []) if target.chosen.matches(item)]


def _items(value: Json) -> list[dict[str, Any]]:
    """Values come as a list or alone, as maps or as bare texts."""
    items = [_map(item) if not isinstance(item, str) else {"value": item}
             for item in (value if isinstance(value, list) else [value])]
    if not all(isinstance(item.get("value", ""), str) for item in items):
        problem = "The value of an item must be a text."
        raise errors.bad_patch(problem)
    return items


def _joined(before: list[dict[str, Any]], more: list[dict[str, Any]]) -> list[dict[str, Any]]:
    known = {item.get("value") for item in before}
    return [*before, *(item for item in more if item.get("value") not in known)]


def _map(value: Json) -> dict[str, Any]:
    if value is not None and not isinstance(value, dict):
        problem = f"Expected a map, got {type(value).__name__}."
        raise errors.bad_patch(problem)
    return value or {}
