from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from steps.lib.azure_devops.pushes import NO_COMMIT
from steps.lib.branches.branch import Branch
from steps.lib.branches.evidence import Update, had_own_commits, merges, since_creation

MAIN = "refs/heads/main"
BRANCH = Branch("refs/heads/feature/x", "a1")
PULL_REQUEST: dict[str, Any] = {"status": "completed", "sourceRefName": BRANCH.ref, "targetRefName": MAIN,
                                "lastMergeSourceCommit": {"commitId": "a1"}}
MOMENT = datetime(2026, 1, 1, tzinfo=timezone.utc)


def update(push: int, old: str, new: str) -> Update:
    return Update(push, MOMENT, old or NO_COMMIT, new or NO_COMMIT)


@pytest.mark.parametrize(("changed", "proof"), [
    ({}, True), ({"status": "abandoned"}, False), ({"status": "active"}, False), ({"status": None}, False),
    ({"lastMergeSourceCommit": {"commitId": "b2"}}, False), ({"lastMergeSourceCommit": None}, False),
    ({"sourceRefName": "refs/heads/feature/xy"}, False), ({"sourceRefName": "refs/heads/feature"}, False),
    ({"targetRefName": "refs/heads/other"}, False), ({"forkSource": {"name": "refs/heads/feature/x"}}, False),
], ids=["merged", "abandoned", "open", "no status", "other commit", "no commit", "longer name", "shorter name",
        "other target", "fork"])
def test_pull_request_proves_a_merge_only_of_exactly_this_tip(changed: dict[str, Any], proof: bool) -> None:
    assert merges({**PULL_REQUEST, **changed}, BRANCH, MAIN) is proof


@pytest.mark.parametrize(("updates", "kept"), [
    ([update(2, "a", "b"), update(1, "", "a")], 2),
    ([update(4, "", "c"), update(3, "b", ""), update(2, "a", "b"), update(1, "", "a")], 1),
    ([update(3, "b", ""), update(2, "a", "b")], 0), ([], 0),
], ids=["once", "made again", "deleted", "none"])
def test_only_updates_of_the_branch_that_is_there_now_count(updates: list[Update], kept: int) -> None:
    assert since_creation(updates) == updates[:kept]


@pytest.mark.parametrize(("updates", "of_default", "own"), [
    ([update(1, "", "m")], [], False),
    ([update(2, "m", "a"), update(1, "", "m")], [], True),
    ([update(3, "m", "n"), update(1, "", "m")], [update(2, "m", "n")], False),
    ([update(2, "m", "n"), update(1, "", "m")], [update(3, "m", "n")], True),
    ([update(4, "m", "n"), update(1, "", "m")], [update(5, "z", "n"), update(2, "m", "n")], False),
], ids=["only made", "own commit", "brought up to date", "fast forward of main later", "main came back to it"])
def test_own_commits_are_those_that_main_did_not_bring(updates: list[Update], of_default: list[Update],
                                                       own: bool) -> None:
    assert had_own_commits(updates, of_default) is own
