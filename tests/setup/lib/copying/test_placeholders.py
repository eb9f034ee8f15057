from __future__ import annotations

import json

import pytest
import yaml

from setup.lib.copying.placeholders import check_values, filled
from steps.lib.errors import InputError

NASTY = ["o'brien", 'say "hi"', "back\\slash", "naïve — 東京", "{{other}}", "# no comment", "a: b", "x" * 200]


@pytest.mark.parametrize("value", NASTY)
def test_a_value_stays_itself_in_yaml(value: str) -> None:
    assert yaml.safe_load(filled("a.yml", b"name: '{{name}}'", {"name": value})) == {"name": value}


@pytest.mark.parametrize("value", NASTY)
def test_a_value_stays_itself_in_json(value: str) -> None:
    assert json.loads(filled("a.json", b'{"name": "{{name}}"}', {"name": value})) == {"name": value}


def test_a_file_that_is_no_text_stays_as_it_is() -> None:
    assert filled("a.png", b"\x89PNG\xff", {}) == b"\x89PNG\xff"


def test_a_placeholder_nobody_fills_is_a_bug() -> None:
    with pytest.raises(KeyError):
        filled("a.yml", b"'{{nmae}}'", {"name": "x"})


@pytest.mark.parametrize("value", ["a$(token)", "a${{ b }}", "a$[b]", "a\nb", "a\u202eb"])
def test_a_name_that_pipelines_take_for_something_else_is_refused(value: str) -> None:
    with pytest.raises(InputError, match="default branch: got"):
        check_values({"default_branch": value, "team": "data_science"})
