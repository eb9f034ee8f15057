"""Reads a policy definition: one rule for each attribute path.

https://learn.microsoft.com/en-us/azure/databricks/admin/clusters/policy-definition
"""
from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn

from sandbox.databricks.policies.attributes import Steps, steps_of

FIXED, FORBIDDEN, UNLIMITED = "fixed", "forbidden", "unlimited"


class MalformedDefinitionError(Exception):
    """Reads as what is wrong with the definition."""


@dataclass(frozen=True)
class Rule:
    """`limit` is what belongs to the type: a value, the values, a pattern, or the two ends of a range."""

    path: str
    type: str
    limit: Any = None
    default: Any = None
    is_optional: bool = False

    @property
    def steps(self) -> Steps:
        return steps_of(self.path)


@lru_cache(maxsize=256)
def read_rules(definition: str) -> tuple[Rule, ...]:
    """The rules in their order; of a path that is named twice the last one holds, as JSON has it."""
    try:
        data = json.loads(definition)
    except (ValueError, RecursionError) as error:
        message = "the definition is not JSON"
        raise MalformedDefinitionError(message) from error
    if not isinstance(data, dict):
        message = "the definition is not a JSON object"
        raise MalformedDefinitionError(message)
    return tuple(_rule(path, entry) for path, entry in data.items())


def _rule(path: str, entry: object) -> Rule:
    if not path or "" in steps_of(path):
        _refuse(path, "is no attribute path")
    if not isinstance(entry, Mapping):
        _refuse(path, "the rule is not a JSON object")
    kind = entry.get("type")
    if not isinstance(kind, str) or kind not in _LIMITS:
        _refuse(path, f"the type {kind!r} is not one of {', '.join(_LIMITS)}")
    optional = entry.get("isOptional", False)
    if not isinstance(optional, bool):
        _refuse(path, "isOptional is not a boolean")
    return Rule(path, kind, _LIMITS[kind](path, entry), entry.get("defaultValue"), optional)


def _value(path: str, entry: Mapping[str, Any]) -> Any:  # noqa: ANN401 - from JSON
    if not _is_scalar(entry.get("value")):
        _refuse(path, "a fixed rule needs a value")
    return entry["value"]


def _values(path: str, entry: Mapping[str, Any]) -> Any:  # noqa: ANN401 - from JSON
    values = entry.get("values")
    if not isinstance(values, list) or not values or not all(map(_is_scalar, values)):
        _refuse(path, f"a rule of type {entry['type']} needs a list of values")
    return tuple(values)


def _pattern(path: str, entry: Mapping[str, Any]) -> Any:  # noqa: ANN401 - from JSON
    pattern = entry.get("pattern")
    if not isinstance(pattern, str):
        _refuse(path, "a rule of type regex needs a pattern")
    try:
        return re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        _refuse(path, f"the pattern is no regular expression: {error}")


def _range(path: str, entry: Mapping[str, Any]) -> Any:  # noqa: ANN401 - from JSON
    ends = entry.get("minValue"), entry.get("maxValue")
    if ends == (None, None) or not all(end is None or _is_number(end) for end in ends):
        _refuse(path, "a range needs the number minValue, maxValue or both")
    return ends


def _nothing(path: str, entry: Mapping[str, Any]) -> Any:  # noqa: ANN401, ARG001 - one of _LIMITS
    return None


_LIMITS: dict[str, Callable[[str, Mapping[str, Any]], Any]] = {
    FIXED: _value, FORBIDDEN: _nothing, "allowlist": _values, "blocklist": _values, "regex": _pattern,
    "range": _range, UNLIMITED: _nothing,
}


def _is_scalar(value: object) -> bool:
    return isinstance(value, (str, int, float))


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _refuse(path: str, problem: str) -> NoReturn:
    message = f"{path}: {problem}"
    raise MalformedDefinitionError(message)
