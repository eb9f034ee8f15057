from __future__ import annotations

import pytest

from sandbox.pipelines.triggers import is_batched, is_triggered

OLD_RELEASES = {"branches": {"include": ["master", "releases/*"], "exclude": ["releases/old*"]}}
NOT_MAIN = {"branches": {"exclude": ["main"]}}
NOT_README = {"branches": {"include": ["*"]}, "paths": {"exclude": ["README.md"]}}
DOCS = {"branches": {"include": ["main"]}, "paths": {"include": ["docs/*"], "exclude": ["docs/README.md"]}}
WORKING = {"branches": {"include": ["feature/*"], "exclude": ["feature/*-working"]}}
ONE_CONFIG = {"branches": {"include": ["*"], "exclude": ["main"]}, "paths": {"include": ["cluster.json"]}}

BRANCHES: list[tuple[object, str, bool]] = [
    (["main", "releases/*"], "releases/1.0", True),
    (["main", "releases/*"], "feature/x", False),
    (["main"], "mainline", False),
    (["main"], "Main", False),
    (["feature/?"], "feature/a", True),
    (["feature/?"], "feature/ab", False),
    (["*"], "a/b/c", True),
    (["refs/heads/main"], "main", True),
    (OLD_RELEASES, "releases/old1", False),
    (OLD_RELEASES, "releases/new", True),
    (NOT_MAIN, "dev", True),
    (NOT_MAIN, "main", False),
    (None, "anything", True),
    ("none", "main", False),
    ({"enabled": False}, "main", False),
    (WORKING, "feature/a-working", False),
    (WORKING, "feature/a", True),
    ({"tags": {"include": ["v*"]}}, "main", False),
]


@pytest.mark.parametrize(("trigger", "branch", "runs"), BRANCHES)
def test_branch_filters_decide_for_a_branch(trigger: object, branch: str, runs: bool) -> None:
    assert is_triggered(trigger, f"refs/heads/{branch}", ["a.txt"]) is runs


PATHS: list[tuple[object, str, list[str], bool]] = [
    (NOT_README, "features/a", ["README.md"], False),
    (NOT_README, "features/a", ["README.md", "src/a.py"], True),
    (DOCS, "main", ["docs/README.md"], False),
    (DOCS, "main", ["docs/a/b.md"], True),
    (DOCS, "main", ["src/a.py"], False),
    ({"branches": {"include": ["main"]}, "paths": {"include": ["docs/*"]}}, "main", ["src/a.py"], False),
    ({"paths": {"include": ["docs"]}}, "main", ["docs/a/b.md"], True),
    ({"paths": {"include": ["docs"]}}, "main", ["docs2/a.md"], False),
    ({"paths": {"include": ["/docs/"]}}, "main", ["docs/a.md"], True),
    ({"paths": {"include": ["**/*.json"]}}, "main", ["a/b/c.json"], True),
    ({"paths": {"include": ["Docs/*"]}}, "main", ["docs/a.md"], False),
    (ONE_CONFIG, "feature/x", ["notebooks/a.py"], False),
    (ONE_CONFIG, "feature/x", ["cluster.json"], True),
    (ONE_CONFIG, "feature/x", [], False),
]


@pytest.mark.parametrize(("trigger", "branch", "paths", "runs"), PATHS)
def test_path_filters_decide_after_the_branch(trigger: object, branch: str, paths: list[str], runs: bool) -> None:
    assert is_triggered(trigger, f"refs/heads/{branch}", paths) is runs


TAGS: list[tuple[object, bool]] = [
    ({"branches": {"include": ["refs/tags/v1"]}}, True),
    ({"branches": {"include": ["refs/tags/v*"], "exclude": ["refs/tags/v1"]}}, False),
    ({"tags": {"include": ["v*"]}}, True),
    ({"tags": {"include": ["v*"], "exclude": ["v1"]}}, False),
    (["v1"], False),
    (None, False),
]


@pytest.mark.parametrize(("trigger", "runs"), TAGS)
def test_a_tag_needs_a_filter_that_names_it(trigger: object, runs: bool) -> None:
    assert is_triggered(trigger, "refs/tags/v1", []) is runs


BATCHED: list[tuple[object, bool]] = [({"batch": True}, True), ({"batch": "true"}, True), (["main"], False)]


@pytest.mark.parametrize(("trigger", "batched"), BATCHED)
def test_batch_is_only_said_in_a_mapping(trigger: object, batched: bool) -> None:
    assert is_batched(trigger) is batched


def test_a_trigger_of_another_shape_is_an_error() -> None:
    with pytest.raises(ValueError, match="trigger: got 'all'"):
        is_triggered("all", "refs/heads/main", [])
