"""One expression evaluated by itself, for trying it out."""
from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbox.pipelines.expressions.evaluation import Scope, parse
from sandbox.pipelines.expressions.functions import Function, plain
from sandbox.pipelines.expressions.values import Named, Value
from sandbox.pipelines.nodes import Position

_NAMED = ("variables", "parameters")


def evaluate_text(
    expression: str, context: Mapping[str, Any], functions: Mapping[str, Function] | None = None
) -> Any:  # noqa: ANN401 - any JSON value
    """The value of `expression` as JSON types. `context` maps a context's name to JSON data;
    `variables` and `parameters` are always there."""
    given = {name: {} for name in _NAMED} | dict(context)
    contexts = {name.lower(): _context(name.lower(), data) for name, data in given.items()}
    position = Position("<expression>", 1, 1)
    parsed = parse(expression, position, contexts=contexts.keys(), functions=functions)
    return plain(parsed.evaluate(Scope(contexts, functions or {})))


def _context(name: str, data: object) -> Value:
    value = _value(data)
    if name in _NAMED and isinstance(value, dict):
        return Named(value, strict=name == "parameters")
    return value


def _value(data: object) -> Value:
    if isinstance(data, dict):
        return {str(key): _value(item) for key, item in data.items()}
    if isinstance(data, list):
        return [_value(item) for item in data]
    if isinstance(data, (int, float)) and not isinstance(data, bool):
        return Decimal(str(data))
    return data if data is None or isinstance(data, (bool, str)) else str(data)
