from __future__ import annotations

import pytest

from sandbox.pipelines.graph import ancestors, make_graph, without
from sandbox.pipelines.nodes import PipelineError, Position

AT = Position("/p.yml", 1, 1)
DIAMOND = make_graph("Job", [("a", [], AT), ("b", ["A"], AT), ("c", ["a"], AT), ("d", ["b", "c"], AT)])


def test_names_fold_case_and_are_kept_as_defined() -> None:
    assert DIAMOND["b"] == ("a",)


def test_a_dependency_may_be_named_twice() -> None:
    assert make_graph("Job", [("a", [], AT), ("b", ["a", "A"], AT)])["b"] == ("a", "a")


def test_ancestors_are_direct_and_indirect() -> None:
    assert sorted(ancestors(DIAMOND, "d")) == ["a", "b", "c"]


def test_what_is_taken_out_hands_its_dependencies_on() -> None:
    assert without(DIAMOND, ["b", "a"]) == {"c": (), "d": ("c",)}


def test_a_long_chain_is_no_problem() -> None:
    chain = make_graph("Stage", [(str(n), [str(n - 1)] if n else [], AT) for n in range(3000)])
    assert len(ancestors(chain, "2999")) == 2999


WRONG = [
    ([("a", ["a"], AT)], "circle"),
    ([("a", ["b"], AT), ("b", ["c"], AT), ("c", ["b"], AT)], "circle"),
    ([("a", ["x"], AT)], "unknown job x"),
    ([("a", [], AT), ("A", [], AT)], "more than once"),
]


@pytest.mark.parametrize(("parts", "said"), WRONG)
def test_a_graph_that_cannot_be_is_refused(parts: list[tuple[str, list[str], Position]], said: str) -> None:
    with pytest.raises(PipelineError, match=said):
        make_graph("Job", parts)
