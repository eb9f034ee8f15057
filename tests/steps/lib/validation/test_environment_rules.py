from __future__ import annotations

from typing import Any

import pytest

from steps.lib.validation.environment_rules import environment_findings
from tests.steps.lib.documents import document


def problems(**environments: Any) -> list[str]:
    data = {name: {} for name in ("local", "dev", "test", "prod")} | environments
    return [f"{one.path}: {one.problem}" for one in environment_findings(document(data, "environment_config.json"))]


def test_equal_keys_are_sound() -> None:
    same = {"a": 1, "b": {"c": 2}}
    assert problems(local=same, dev=same, test=same, prod={"b": {"c": "other"}, "a": None}) == []


@pytest.mark.parametrize(("environments", "expected"), [
    pytest.param({"prod": {"a": 1}}, "prod.a: missing in 'local', 'dev', 'test'", id="only-one-has-it"),
    pytest.param({"local": {"a": 1}, "dev": {"a": 1}, "test": {"a": 1}}, "local.a: missing in 'prod'",
                 id="one-lacks-it"),
    pytest.param({one: {"a": {"b": 1} if one != "test" else {}} for one in ("local", "dev", "test", "prod")},
                 "local.a.b: missing in 'test'", id="nested"),
    pytest.param({"dev": {"a": {"b": 1}}}, "dev.a: missing in 'local', 'test', 'prod'", id="an-object-once"),
])
def test_a_key_that_some_lack_is_one_finding(environments: Any, expected: str) -> None:
    found = problems(**environments)
    assert len(found) == 1
    assert found[0].startswith(expected)
