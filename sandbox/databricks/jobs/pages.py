"""Lists that are read newest first, by token or by offset, without going over what is not shown."""
from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sandbox.databricks.errors import refuse

Row = TypeVar("Row")
# So many ids may be looked at in vain before those that are shown are asked for instead.
_PATIENCE = 200


@dataclass(frozen=True)
class Page(Generic[Row]):
    """`rows` by their ids. A token tells the id last seen, so a page does not shift when something new appears."""

    rows: dict[int, Row]
    has_more: bool
    has_newer: bool

    @property
    def next_page_token(self) -> str:
        return f"after-{list(self.rows)[-1]}" if self.has_more and self.rows else ""

    @property
    def prev_page_token(self) -> str:
        return f"before-{next(iter(self.rows))}" if self.has_newer and self.rows else ""


@dataclass(frozen=True)
class Cut:
    """Which page of a list is wanted: `limit` rows from `offset` on, or from where `token` says."""

    limit: int
    offset: int = 0
    token: str = ""


def page_of(ids: Sequence[int], look: Callable[[int], Row | None], cut: Cut,
            fewer: Callable[[], Sequence[int]] | None = None) -> Page[Row]:
    """`ids` rise with time; `look` gives what is shown of an id, None for what is not.

    `fewer` gives those of `ids` that may be shown, for one who sees few of many.
    """
    try:
        return _page(ids, look, cut, _PATIENCE if fewer is not None else len(ids))
    except _SeesTooFewError:
        assert fewer is not None  # noqa: S101 - without it there is patience for all
        found = fewer()
        return _page(found, look, cut, len(found))


class _SeesTooFewError(Exception):
    pass


def _page(ids: Sequence[int], look: Callable[[int], Row | None], cut: Cut, patience: int) -> Page[Row]:
    limit, offset = cut.limit, cut.offset
    if not cut.token:
        found = _found(reversed(ids), look, offset + limit + 1, patience)
        return Page(dict(found[offset:offset + limit]), len(found) > offset + limit, offset > 0)
    backwards, seen = _read(cut.token)
    if backwards:
        newer = (ids[at] for at in range(bisect_right(ids, seen), len(ids)))
        found = _found(newer, look, limit + 1, patience)
        return Page(dict(found[:limit][::-1]), has_more=True, has_newer=len(found) > limit)
    older = (ids[at] for at in range(bisect_left(ids, seen) - 1, -1, -1))
    found = _found(older, look, limit + 1, patience)
    return Page(dict(found[:limit]), len(found) > limit, has_newer=True)


def _found(ids: Iterable[int], look: Callable[[int], Row | None], count: int, patience: int) -> list[tuple[int, Row]]:
    found: list[tuple[int, Row]] = []
    for identity in ids:
        row = look(identity)
        if row is not None:
            found.append((identity, row))
            if len(found) == count:
                break
        else:
            patience -= 1
            if patience < 0:
                raise _SeesTooFewError
    return found


def _read(token: str) -> tuple[bool, int]:
    direction, _, number = token.partition("-")
    if direction not in {"after", "before"} or not (number.isdecimal() and len(number) <= 19):
        refuse("page_token is not valid")
    return direction == "before", int(number)
