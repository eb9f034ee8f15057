from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sandbox.databricks.jobs.pages import Cut, Page, page_of

_IDS = st.lists(st.integers(1, 200), unique=True, max_size=40).map(sorted)


def walk(ids: list[int], shown: set[int], limit: int) -> list[Page[int]]:
    pages = [page_of(ids, lambda one: one if one in shown else None, Cut(limit))]
    while pages[-1].next_page_token:
        pages.append(page_of(ids, lambda one: one if one in shown else None,
                             Cut(limit, token=pages[-1].next_page_token)))
    return pages


@given(ids=_IDS, hidden=st.sets(st.integers(1, 200)), limit=st.integers(1, 9))
def test_pages_hold_all_that_is_shown_once_and_newest_first(ids: list[int], hidden: set[int], limit: int) -> None:
    shown = set(ids) - hidden
    pages = walk(ids, shown, limit)
    assert [one for page in pages for one in page.rows] == sorted(shown, reverse=True)
    assert all(len(page.rows) == limit for page in pages[:-1])
    assert not pages[-1].has_more


@given(ids=_IDS, hidden=st.sets(st.integers(1, 200)), limit=st.integers(1, 9))
def test_way_back_shows_the_same_pages(ids: list[int], hidden: set[int], limit: int) -> None:
    shown = set(ids) - hidden
    pages = walk(ids, shown, limit)
    for before, page in pairwise(pages):
        back = page_of(ids, lambda one: one if one in shown else None, Cut(limit, token=page.prev_page_token))
        assert list(back.rows) == list(before.rows)
        assert bool(back.prev_page_token) == (before is not pages[0])


def test_nothing_newer_is_an_empty_page_without_a_way_on() -> None:
    page = page_of([1, 2], lambda one: one, Cut(2, token="before-2"))
    assert (page.rows, page.next_page_token, page.prev_page_token) == ({}, "", "")


def test_offset_skips_what_is_shown_and_not_what_is_hidden() -> None:
    page = page_of([1, 2, 3, 4, 5], lambda one: one if one != 4 else None, Cut(2, 1))
    assert (list(page.rows), page.has_more, page.prev_page_token) == ([3, 2], True, "before-3")


def test_one_who_sees_few_of_many_is_shown_them_without_a_look_at_all() -> None:
    looked: list[int] = []

    def look(one: int) -> int | None:
        looked.append(one)
        return one if one <= 3 else None

    page = page_of(range(1, 20_001), look, Cut(2), lambda: [1, 2, 3])
    assert (list(page.rows), page.has_more, len(looked) < 500) == ([3, 2], True, True)
    rest = page_of(range(1, 20_001), look, Cut(2, token=page.next_page_token), lambda: [1, 2, 3])
    assert list(rest.rows) == [1]
