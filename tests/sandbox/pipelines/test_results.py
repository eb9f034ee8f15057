from __future__ import annotations

import pytest

from sandbox.pipelines.results import Result, merge, named, of_parts

MERGES = [
    (None, "Succeeded", "Succeeded"),
    ("Succeeded", "SucceededWithIssues", "SucceededWithIssues"),
    ("Succeeded", "Failed", "Failed"),
    ("SucceededWithIssues", "Failed", "Failed"),
    ("SucceededWithIssues", "Succeeded", "SucceededWithIssues"),
    ("Failed", "Succeeded", "Failed"),
    ("Canceled", "SucceededWithIssues", "Canceled"),
    ("Skipped", "Succeeded", "Skipped"),
    ("Abandoned", "Failed", "Abandoned"),
    ("Abandoned", "Canceled", "Abandoned"),
]


@pytest.mark.parametrize(("before", "told", "after"), MERGES)
def test_the_worst_result_of_a_task_wins_and_stays(before: str | None, told: str, after: str) -> None:
    start, other = named(before) if before else None, named(told)
    assert other is not None
    assert merge(start, other).word == after


PARTS = [
    ([], Result.SKIPPED),
    ([Result.SKIPPED, Result.SKIPPED], Result.SKIPPED),
    ([Result.SKIPPED, Result.SUCCEEDED], Result.SUCCEEDED),
    ([Result.SUCCEEDED_WITH_ISSUES, Result.SUCCEEDED], Result.SUCCEEDED_WITH_ISSUES),
    ([Result.FAILED, Result.CANCELED], Result.FAILED),
    ([Result.CANCELED, Result.SUCCEEDED], Result.CANCELED),
]


@pytest.mark.parametrize(("parts", "whole"), PARTS)
def test_a_whole_is_as_bad_as_its_worst_part(parts: list[Result], whole: Result) -> None:
    assert of_parts(parts) is whole


def test_a_result_is_named_in_any_case() -> None:
    assert named("sUCCeededwithISSUES") is Result.SUCCEEDED_WITH_ISSUES
    assert named("fine") is None
