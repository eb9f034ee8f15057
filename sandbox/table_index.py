"""Records of a table by something else than their key, so that finding one does not mean looking at all."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeAlias, TypeVar

Record = TypeVar("Record")
Item = TypeVar("Item")
NamesOf: TypeAlias = Callable[[Record], Iterable[str]]
"""Under which names a record is found: a record without any is in no list."""


class Index(Generic[Record]):
    """Kept by the table it belongs to. A record that changes keeps its place under the names it keeps."""

    def __init__(self, names: NamesOf[Record]) -> None:
        self._names = names
        self._records: ByName[Record] = ByName()

    def of(self, name: str) -> list[Record]:
        """Those with this name, exactly as `names` writes it; oldest first."""
        return list(self._records.of(name).values())

    def first(self, name: str) -> Record | None:
        """The oldest of them."""
        return next(iter(self.of(name)), None)

    def change(self, key: str, record: Record | None) -> None:
        """Take over what the record under `key` is now; None where it is gone."""
        if record is None:
            self._records.remove(key)
        else:
            self._records.change(key, self._names(record), record)


class ByName(Generic[Item]):
    """Items by key below each of their names."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, Item]] = {}
        self._names_by_key: dict[str, tuple[str, ...]] = {}

    def of(self, name: str) -> dict[str, Item]:
        """Not to be changed."""
        return self._found.get(name, {})

    def change(self, key: str, names: Iterable[str], item: Item) -> None:
        """From now on the item of `key` is found under these names, and no others."""
        new = dict.fromkeys(names)
        self._leave(key, [name for name in self._names_by_key.get(key, ()) if name not in new])
        self._names_by_key[key] = tuple(new)
        for name in new:
            self._found.setdefault(name, {})[key] = item

    def remove(self, key: str) -> None:
        self._leave(key, self._names_by_key.pop(key, ()))

    def _leave(self, key: str, names: Iterable[str]) -> None:
        for name in names:
            self._found[name].pop(key)
            if not self._found[name]:
                del self._found[name]
