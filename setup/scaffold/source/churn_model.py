"""A logistic regression in plain Python: enough to see a model trained in one job and used in another."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class ChurnModel:
    weights: tuple[float, ...]
    bias: float

    def score(self, features: Sequence[float]) -> float:
        """How likely a customer leaves, between 0 and 1."""
        total = self.bias + sum(weight * value for weight, value in zip(self.weights, features, strict=True))
        return 1 / (1 + math.exp(-total))

    def accuracy(self, rows: Sequence[Sequence[float]], labels: Sequence[bool]) -> float:
        """The share of rows that it puts on the right side."""
        right = sum((self.score(row) >= 0.5) == label for row, label in zip(rows, labels, strict=True))
        return right / len(rows)

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> ChurnModel:
        data = json.loads(text)
        return cls(tuple(data["weights"]), data["bias"])


def train(
    rows: Sequence[Sequence[float]], labels: Sequence[bool], *, rounds: int = 300, rate: float = 2.0
) -> ChurnModel:
    """Gradient descent; `rate` is the length of a step."""
    if not rows:
        message = "no rows, expected at least one customer to learn from"
        raise ValueError(message)
    model = ChurnModel((0.0,) * len(rows[0]), 0.0)
    for _ in range(rounds):
        model = _improved(model, rows, labels, rate / len(rows))
    return model


def _improved(model: ChurnModel, rows: Sequence[Sequence[float]], labels: Sequence[bool], rate: float) -> ChurnModel:
    errors = [model.score(row) - label for row, label in zip(rows, labels, strict=True)]
    slopes = [
        sum(error * row[index] for error, row in zip(errors, rows, strict=True)) for index in range(len(model.weights))
    ]
    weights = tuple(weight - rate * slope for weight, slope in zip(model.weights, slopes, strict=True))
    return ChurnModel(weights, model.bias - rate * sum(errors))
