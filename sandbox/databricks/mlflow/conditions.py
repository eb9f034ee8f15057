"""The conditions of MLflow searches, and whether a row fits them."""
from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from sandbox.databricks.mlflow.wildcard import fits

Value: TypeAlias = "str | float | None"
Look: TypeAlias = "Callable[[str, str], Value]"
"""What a row has under an entity and a key, None for nothing."""


@dataclass(frozen=True)
class Condition:
    """`wanted` is a tuple for IN and NOT IN."""

    entity: str
    key: str
    operator: str
    wanted: str | float | tuple[str, ...]

    def holds(self, actual: Value) -> bool:
        """What is not there fits nothing, not even `!=`."""
        if actual is None or isinstance(actual, str) != isinstance(self.wanted, (str, tuple)):
            return False
        if isinstance(self.wanted, tuple):
            return (actual in self.wanted) == (self.operator == "IN")
        if isinstance(self.wanted, str):
            return _compare_texts(self.operator, str(actual), self.wanted)
        return _compare_numbers(self.operator, float(actual), self.wanted)


def all_hold(conditions: list[Condition], look: Look) -> bool:
    return all(condition.holds(look(condition.entity, condition.key)) for condition in conditions)


def _compare_texts(operator: str, actual: str, wanted: str) -> bool:
    if operator == "LIKE":
        return fits(wanted, actual)
    if operator == "ILIKE":
        return fits(wanted.lower(), actual.lower())
    return (actual == wanted) == (operator == "=")


def _compare_numbers(operator: str, actual: float, wanted: float) -> bool:
    if math.isnan(actual):
        return operator == "!="
    return {"=": actual == wanted, "!=": actual != wanted, "<": actual < wanted, "<=": actual <= wanted,
            ">": actual > wanted, ">=": actual >= wanted}[operator]
