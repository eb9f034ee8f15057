"""The examples in the page about jobs are jobs."""
from __future__ import annotations

import json
import re

import pytest

from tests.steps.schemas.test_schemas import CONTENTS, ROOT, resolved

PAGE = (ROOT / "docs/jobs_config.md").read_text("utf-8")
EXAMPLES = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
JOB = CONTENTS["jobs_config.schema.json"]["$defs"]["job"]


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_is_what_the_schema_says(text: str) -> None:
    example = json.loads(text)
    schema = CONTENTS["jobs_config.schema.json"] if "jobs" in example else JOB
    assert [error.message for error in resolved("jobs_config.schema.json", schema).iter_errors(example)] == []


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 4


@pytest.mark.parametrize("field", JOB["properties"])
def test_every_field_of_a_job_is_told(field: str) -> None:
    assert f"`{field}`" in PAGE


@pytest.mark.parametrize("field", CONTENTS["jobs_config.schema.json"]["$defs"]["task"]["properties"])
def test_every_field_of_a_task_is_told(field: str) -> None:
    assert f"`{field}`" in PAGE
