from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.databricks.clusters.cluster_order import ClusterOrder


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.none() | st.integers(0, 5))))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_order_is_kept_through_any_changes(changes: list[tuple[str, int | None]]) -> None:
    order = ClusterOrder({})
    for name, place in changes:
        order.change(name, None if place is None else (place, name))
    last = {name: place for name, place in changes if place is not None and dict(changes)[name] is not None}
    assert order.ids == tuple(sorted(last, key=lambda name: (dict(changes)[name], name)))


def test_order_that_was_given_stays_as_it_was() -> None:
    order = ClusterOrder({"a": (1, "a"), "b": (2, "b")})
    given_before = order.ids
    order.change("a", (3, "a"))
    order.change("b", None)
    assert (given_before, order.ids) == (("a", "b"), ("a",))


def test_given_order_is_shared_until_it_changes() -> None:
    order = ClusterOrder({"a": (1, "a")})
    shared = order.ids
    order.change("a", (1, "a"))
    assert order.ids is shared
