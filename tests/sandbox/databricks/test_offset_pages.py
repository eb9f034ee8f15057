from __future__ import annotations

import base64

import pytest

from sandbox.databricks.errors import ApiError
from sandbox.databricks.offset_pages import page


def test_pages_follow_each_other_to_the_end() -> None:
    first, token = page(range(5), 2, "", largest=9)
    second, following = page(range(5), 2, token, largest=9)
    assert (first, second) == ([0, 1], [2, 3])
    assert page(range(5), 2, following, largest=9) == ([4], "")


def test_list_that_ends_with_a_page_has_no_other_one() -> None:
    assert page([1, 2], 2, "", largest=2) == ([1, 2], "")


@pytest.mark.parametrize("size", [0, -1, 10])
def test_size_that_is_not_offered_is_refused_by_its_parameter(size: int) -> None:
    with pytest.raises(ApiError, match=f"Invalid value {size} for parameter 'page_size'"):
        page([], size, "", largest=9, named="page_size")


@pytest.mark.parametrize("text", ["offset:-1", "offset:\u0663", "offset:", "other:1", "offset:" + "9" * 19])
def test_token_that_no_page_gave_is_refused(text: str) -> None:
    with pytest.raises(ApiError, match="Invalid page token"):
        page([], 1, base64.urlsafe_b64encode(text.encode()).decode(), largest=1)
