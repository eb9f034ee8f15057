"""LIKE, and what a hostile pattern costs."""
from __future__ import annotations

import pytest

from sandbox.databricks.mlflow.wildcard import fits


@pytest.mark.parametrize(("pattern", "text", "expected"), [
    ("abc", "abc", True), ("abc", "abd", False), ("a%", "a", True), ("a%", "abc", True), ("%c", "abc", True),
    ("%b%", "abc", True), ("%x%", "abc", False), ("a_c", "abc", True), ("a_c", "ac", False), ("", "", True),
    ("", "a", False), ("%", "", True), ("a%b%c", "aXbXbc", True), ("a%b%c", "aXbXb", False), ("%%_", "", False),
    (".*", "abc", False), ("a%bc", "abcbc", True),
])
def test_a_pattern_fits(pattern: str, text: str, expected: bool) -> None:
    assert fits(pattern, text) is expected


def test_no_pattern_takes_long() -> None:
    """One that tries every way to fit would not end."""
    assert not fits("%a" * 250 + "b", "a" * 8000)
