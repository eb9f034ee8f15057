from __future__ import annotations

import pytest

from sandbox.pipelines.version_range import satisfies

RANGES = [
    ("3.x", True), ("3", True), ("3.11", True), ("3.11.4", True), ("3.11.x", True), ("*", True), ("x", True),
    ("3.12", False), ("2.x", False), ("3.11.5", False), (">=3.10", True), (">=3.12", False), ("<3.12", True),
    ("<3.11", False), ("<=3.11", True), (">3.11", False), (">3.10", True), (">=3.10 <3.12", True), ("~3.11", True),
    ("~3.10", False), ("^3.1", True), ("^2.0", False), ("3.9 || 3.11", True), (">= 3.10", True), ("=3.11", True),
]


@pytest.mark.parametrize(("text", "fits"), RANGES)
def test_a_range_holds_for_3_11_4(text: str, fits: bool) -> None:
    assert satisfies((3, 11, 4), text) is fits


@pytest.mark.parametrize("text", ["", "pypy3.9", "3.11.4.5", "latest", "3.10 ||"])
def test_what_is_no_range_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="version range"):
        satisfies((3, 11, 4), text)
