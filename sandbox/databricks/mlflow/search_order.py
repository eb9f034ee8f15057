"""The order of what a search found."""
from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias, TypeVar

from sandbox.databricks.errors import refuse
from sandbox.databricks.mlflow.conditions import Value
from sandbox.databricks.mlflow.search_filter import split_identifier

Row = TypeVar("Row")
LookAt: TypeAlias = "Callable[[Row, str, str], Value]"
_CLAUSES = 100


def in_order(rows: Iterable[Row], clauses: Sequence[str], look: LookAt[Row],
             entities: Mapping[str, str]) -> Iterable[Row]:
    """Ordered by clauses such as `metrics.rmse DESC`; rows without the value come last in both directions.

    Without any clause they are not even looked at.
    """
    if not clauses:
        return rows
    if len(clauses) > _CLAUSES:
        refuse(f"order_by has more than {_CLAUSES} clauses")
    ordered = list(rows)
    for clause in reversed(clauses):
        name, descending = _direction(clause)
        entity, key = split_identifier(name, entities)
        values = [look(row, entity, key) for row in ordered]
        known = [at for at, value in enumerate(values) if _is_comparable(value)]
        known.sort(key=lambda at: values[at], reverse=descending)  # type: ignore[arg-type, return-value]
        rest = sorted(set(range(len(ordered))).difference(known))
        ordered = [ordered[at] for at in [*known, *rest]]
    return ordered


def _direction(clause: str) -> tuple[str, bool]:
    name, _, last = clause.strip().rpartition(" ")
    if last.upper() in {"ASC", "DESC"} and name:
        return name.strip(), last.upper() == "DESC"
    return clause.strip(), False


def _is_comparable(value: Value) -> bool:
    return value is not None and not (isinstance(value, float) and math.isnan(value))
