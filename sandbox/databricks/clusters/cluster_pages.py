"""Where a reader of clusters/list stands: page tokens, and the lists they belong to."""
from __future__ import annotations

import base64
import json
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.databricks.clusters.cluster_order import ClusterOrder
from sandbox.databricks.errors import invalid, refuse

# Each may hold the ids of every cluster there is; one that was forgotten is read on all the same.
_MOST_LISTS = 50


@dataclass(frozen=True)
class OpenList:
    """Ids in the order of the first page; `asked` is what the first page was asked for."""

    ids: Sequence[str]
    order: ClusterOrder
    asked: dict[str, Any]
    name: str = field(default_factory=lambda: secrets.token_urlsafe(9))

    def token(self, at: int, *, backwards: bool = False) -> str:
        """For the page that begins at `at`, or with `backwards` for the one that ends before it."""
        row = self.ids[at if backwards else at - 1]
        told = [self.name, at, self.order.key(row), backwards]
        return base64.urlsafe_b64encode(json.dumps(told).encode()).decode()


@dataclass(frozen=True)
class Place:
    """What a token says: where in which list, and the key of the row that was told last."""

    listing: str
    at: int
    key: tuple[Any, ...]
    backwards: bool


def place_of(token: str) -> Place:
    try:
        listing, at, key, backwards = json.loads(base64.urlsafe_b64decode(token.encode()))
        return Place(str(listing), int(at), tuple(key), bool(backwards))
    except (ValueError, TypeError, OverflowError, RecursionError):
        refuse("page_token is not valid")


class OpenLists:
    """The latest lists that are being read page by page: reading on shows each cluster once, whatever moved."""

    def __init__(self) -> None:
        self._lists: OrderedDict[str, OpenList] = OrderedDict()

    def keep(self, listing: OpenList) -> None:
        """It will be read on."""
        self._lists[listing.name] = listing
        self._lists.move_to_end(listing.name)
        while len(self._lists) > _MOST_LISTS:
            self._lists.popitem(last=False)

    def find(self, place: Place) -> OpenList | None:
        """None where it was forgotten, as after a restart."""
        found = self._lists.get(place.listing)
        return found if found is not None and 0 < place.at + place.backwards <= len(found.ids) else None


def position(listing: OpenList, place: Place, *, descending: bool) -> int:
    """Where reading goes on in a list that is not the one `place` was in."""
    try:
        for at, cluster_id in enumerate(listing.ids):
            key = listing.order.key(cluster_id)
            is_behind = key < place.key if descending else key > place.key
            if is_behind or (place.backwards and key == place.key):
                return at
    except TypeError as error:
        message = "page_token is not valid"
        raise invalid(message) from error
    return len(listing.ids)
