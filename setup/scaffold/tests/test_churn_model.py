from __future__ import annotations

import pytest

from source.churn_model import ChurnModel, train
from source.customers import Customer, sample_customers


def test_a_model_learns_to_tell_who_leaves() -> None:
    customers = sample_customers(200)
    rows = [customer.features for customer in customers]
    labels = [customer.left for customer in customers]
    assert train(rows, labels).accuracy(rows, labels) > 0.7


def test_a_complaining_newcomer_scores_higher_than_a_quiet_regular() -> None:
    customers = sample_customers(200)
    model = train([customer.features for customer in customers], [customer.left for customer in customers])
    assert model.score(Customer(1, 9, left=True).features) > model.score(Customer(58, 0, left=False).features)


def test_a_model_comes_back_as_it_was_kept() -> None:
    model = ChurnModel((0.25, -1.5), 0.125)
    assert ChurnModel.from_json(model.to_json()) == model


def test_nothing_to_learn_from_is_refused() -> None:
    with pytest.raises(ValueError, match="no rows"):
        train([], [])
