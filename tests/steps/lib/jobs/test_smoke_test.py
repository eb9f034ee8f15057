from __future__ import annotations

from typing import Any

import pytest

from steps.lib.jobs.smoke_test import SECONDS_UNTIL_CANCELLED, SmokeTest, smoke_test_of
from tests.steps.lib.jobs.job_files import deployed, job


@pytest.mark.parametrize(("fields", "expected"), [
    ({}, None), ({"smoke_test": None}, None), ({"smoke_test": {}}, SmokeTest({}, SECONDS_UNTIL_CANCELLED, ())),
    ({"smoke_test": {"parameters": {"a": "1"}, "timeout_seconds": 60, "tasks": ["train"]}},
     SmokeTest({"a": "1"}, 60, ("train",))),
    ({"smoke_test": {}, "environments": {"dev": {"smoke_test": None}}}, None),
], ids=["absent", "null", "as-it-is", "all-fields", "not-in-dev"])
def test_a_job_says_how_it_is_tried(fields: dict[str, Any], expected: SmokeTest | None) -> None:
    assert smoke_test_of(job(**fields)) == expected


def test_it_is_no_part_of_what_databricks_gets() -> None:
    assert deployed(job(smoke_test={"timeout_seconds": 5})).body == deployed(job()).body
