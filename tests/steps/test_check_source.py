from __future__ import annotations

import pytest

from steps import check_source
from steps.lib import agent


@pytest.mark.parametrize(("ref", "passes"), [
    ("refs/heads/main", True), ("refs/tags/v1.2.0", True), ("refs/tags/v1.2.0-rc.1", True),
    ("refs/heads/Main", False), ("refs/heads/feature/main", False), ("main", False), ("refs/heads/main2", False),
    ("refs/tags/main", False), ("refs/tags/vertex", False), ("refs/tags/v1/x", False), ("refs/pull/1/merge", False),
])
def test_only_the_default_branch_and_release_tags_pass(ref: str, passes: bool) -> None:
    code = agent.run(check_source.step, {"SOURCE_BRANCH": ref, "DEFAULT_BRANCH": "main"})
    assert code == (0 if passes else 2)


def test_the_default_branch_may_be_a_full_ref() -> None:
    environ = {"SOURCE_BRANCH": "refs/heads/trunk", "DEFAULT_BRANCH": "refs/heads/trunk"}
    assert agent.run(check_source.step, environ) == 0


def test_a_refusal_says_where_to_run_it_from(capsys: pytest.CaptureFixture[str]) -> None:
    agent.run(check_source.step, {"SOURCE_BRANCH": "refs/heads/feature/x", "DEFAULT_BRANCH": "main"})
    assert "refs/heads/feature/x: may not be deployed, expected 'refs/heads/main'" in capsys.readouterr().out


def test_nothing_is_taken_for_the_default_branch_where_it_is_not_told() -> None:
    assert agent.run(check_source.step, {"SOURCE_BRANCH": "refs/heads/", "DEFAULT_BRANCH": ""}) == 2
