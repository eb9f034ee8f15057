from __future__ import annotations

from source.customers import Customer, sample_customers


def test_a_seed_always_gives_the_same_customers() -> None:
    assert sample_customers(5, seed=3) == sample_customers(5, seed=3)


def test_features_lie_between_0_and_1() -> None:
    assert Customer(600, 100, left=False).features == (1.0, 1.0)
