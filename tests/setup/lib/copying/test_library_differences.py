from __future__ import annotations

import pytest

from setup.lib.copying.library_differences import LINES_SHOWN, newer_pin, shortened, unified_diff
from setup.lib.copying.shipped_files import Owner, ShippedFile


def pinned(tag: str) -> list[str]:
    return [f"resources:\n  repositories:\n    - repository: cicd\n      ref: 'refs/tags/{tag}'\n"]


def test_the_difference_leads_from_what_is_there_to_what_is_shipped() -> None:
    lines = unified_diff(ShippedFile("a.yml", b"x: 2\n", Owner.LIBRARY), "x: 1\n")
    assert lines[-2:] == ["-x: 1", "+x: 2"]


def test_other_line_endings_are_no_difference() -> None:
    assert unified_diff(ShippedFile("a.yml", b"x: 1\ny: 2\n", Owner.LIBRARY), "x: 1\r\ny: 2\r\n") == []


def test_a_long_difference_is_cut() -> None:
    assert list(shortened(["x"] * (LINES_SHOWN + 2)))[-1] == "… and 2 more lines"


@pytest.mark.parametrize(("tag", "newer"), [("v1.2.0", True), ("v1.1.0", False), ("v1.0.9", False), ("trunk", False)])
def test_a_product_may_be_pinned_to_a_later_release(tag: str, newer: bool) -> None:
    assert newer_pin(pinned(tag), "refs/tags/v1.1.0") == (f"refs/tags/{tag}" if newer else None)
