from __future__ import annotations

import string

import pytest

from steps.lib.markdown import escape


@pytest.mark.parametrize("char", sorted(set(string.punctuation) - set("&<>;")))
def test_every_mark_is_escaped(char: str) -> None:
    assert escape(char) == f"\\{char}"


def test_html_is_shown_as_text() -> None:
    assert escape("<b>&amp;") == "&lt;b&gt;&amp;amp;"


def test_lines_are_joined() -> None:
    assert "\n" not in escape("a\nb\r\n# c")


def test_letters_and_spaces_stay() -> None:
    assert escape("Größe 12") == "Größe 12"
