from __future__ import annotations

from typing import Any

import pytest

from steps.lib.errors import InputError
from steps.lib.jobs.parts import Parts

PARTS = Parts("job_clusters.json", {"num_workers": 1}, {"dev-churn-a": {"num_workers": 2}})


def test_what_was_written_is_read_again() -> None:
    assert Parts.from_json("job_clusters.json", PARTS.content) == PARTS


@pytest.mark.parametrize(("own", "expected"), [(False, {"num_workers": 1}), (True, {"num_workers": 2})])
def test_a_job_gets_its_own_or_the_default(own: bool, expected: Any) -> None:
    assert PARTS.of("dev-churn-a", own=own) == expected


@pytest.mark.parametrize(("parts", "own"), [(PARTS, True), (Parts("f.json"), False), (Parts("f.json"), True)])
def test_what_is_not_there_is_told_with_the_way_out(parts: Parts, own: bool) -> None:
    with pytest.raises(InputError, match="'dev-churn-b', expected what the configs ask for now; run the steps that"):
        parts.of("dev-churn-b", own=own)


def test_an_empty_list_is_there() -> None:
    assert Parts("job_libraries.json", None, {"a": []}).of("a", own=True) == []
