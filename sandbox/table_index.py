"""Records of a table by something else than their key, so that finding one does not mean looking at all."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeAlias, TypeVar

Record = TypeVar("Record")
NamesOf: TypeAlias = Callable[[Record], Iterable[str]]
"""Under which names a record is found: a record without any is in no list."""


class Index(Generic[Record]):
    """Kept by the table it belongs to. A record that changes keeps its place under the names it keeps."""

    def __init__(self, names: NamesOf[Record]) -> None:
        self._names = names
        self._found: dict[str, dict[str, Record]] = {}
        self._names_by_key: dict[str, frozenset[str]] = {}

    def of(self, name: str) -> list[Record]:
        """Those with this name, exactly as `names` writes it; oldest first."""
        return list(self._found.get(name, {}).values())

    def count(self, name: str) -> int:
        """How many `of` would give."""
        return len(self._found.get(name, ()))

    def first(self, name: str) -> Record | None:
        """The oldest of them."""
        return next(iter(self.of(name)), None)

    def change(self, key: str, record: Record | None) -> None:
        """Take over what the record under `key` is now; None where it is gone."""
        old = self._names_by_key.pop(key, frozenset())
        new = frozenset() if record is None else frozenset(self._names(record))
        for name in old - new:
            self._found[name].pop(key)
            if not self._found[name]:
                del self._found[name]
        if record is not None:
            self._names_by_key[key] = new
            for name in new:
                self._found.setdefault(name, {})[key] = record
