"""The values of metrics as requests have them."""
from __future__ import annotations

from typing import Any

from sandbox.databricks.errors import malformed, refuse_missing
from sandbox.databricks.mlflow.names import checked_key
from sandbox.databricks.mlflow.run import MetricPoint, TrackedRun

_WORDS = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


def point_of(run: TrackedRun, fields: dict[str, Any]) -> MetricPoint:
    for name in ("value", "timestamp"):
        if fields.get(name) is None:
            refuse_missing(name)
    return MetricPoint(run.run_id, checked_key(fields.get("key", "")), _double(fields["value"]), fields["timestamp"],
                       fields.get("step", 0))


def _double(value: float) -> float:
    try:
        return float(value)
    except OverflowError as error:
        detail = "value - expected a float"
        raise malformed(detail) from error


def with_number(row: Any) -> Any:  # noqa: ANN401 - a request is anything until it has been read
    """JSON has no number for what is not finite; clients send a word: https://protobuf.dev/programming-guides/json."""
    if isinstance(row, dict) and isinstance(row.get("value"), str) and row["value"] in _WORDS:
        return {**row, "value": _WORDS[row["value"]]}
    return row
