"""An order of clusters that is kept while they change, so that no list sorts them anew."""
from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from typing import TypeAlias

# Ends with the cluster's id, so that no two are equal; JSON keeps it.
SortKey: TypeAlias = "tuple[bool | float | str, ...]"


class ClusterOrder:
    """`ids` are in order; what it gave stays as it was, and is shared until the order changes."""

    def __init__(self, keys: Mapping[str, SortKey]) -> None:
        # JSON makes lists of them.
        self._key_of = {cluster_id: tuple(key) for cluster_id, key in keys.items()}
        self._keys = sorted(self._key_of.values())
        self._sorted_ids = [str(key[-1]) for key in self._keys]
        self._given: tuple[str, ...] | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        if self._given is None:
            self._given = tuple(self._sorted_ids)
        return self._given

    def change(self, cluster_id: str, key: SortKey | None) -> None:
        """`key` None takes the cluster out."""
        old = self._key_of.get(cluster_id)
        if old == key:
            return
        if old is not None:
            at = bisect_left(self._keys, old)
            del self._keys[at], self._sorted_ids[at], self._key_of[cluster_id]
        if key is not None:
            at = bisect_left(self._keys, key)
            self._keys.insert(at, key)
            self._sorted_ids.insert(at, cluster_id)
            self._key_of[cluster_id] = key
        self._given = None

    def sorted(self, cluster_ids: list[str]) -> tuple[str, ...]:
        return tuple(sorted(cluster_ids, key=self._key_of.__getitem__))

    def key(self, cluster_id: str) -> SortKey:
        return self._key_of[cluster_id]
