"""Customers to learn from. Replace them by a table of yours."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Customer:
    """`months`: how long a customer; `complaints`: how many in the last quarter; `left`: whether they went."""

    months: int
    complaints: int
    left: bool

    @property
    def features(self) -> tuple[float, float]:
        """Both between 0 and 1, as the model wants them."""
        return min(self.months, 60) / 60, min(self.complaints, 10) / 10


def sample_customers(count: int, *, seed: int = 1) -> list[Customer]:
    """Invented ones, always the same for a seed: who is new and complains leaves more often."""
    dice = random.Random(seed)
    return [_invented(dice) for _ in range(count)]


def _invented(dice: random.Random) -> Customer:
    months, complaints = dice.randint(0, 60), dice.randint(0, 10)
    risk = 0.15 + 0.09 * complaints - 0.012 * months
    return Customer(months, complaints, left=dice.random() < risk)
