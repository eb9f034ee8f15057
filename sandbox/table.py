"""A table of records: read from memory, written through to the storage."""
from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, MutableMapping, ValuesView
from typing import TYPE_CHECKING, Generic, TypeVar

from sandbox.table_index import Index, NamesOf

if TYPE_CHECKING:
    from sandbox.storage import Storage

Record = TypeVar("Record")


class Table(MutableMapping[str, Record], Generic[Record]):
    """Records by their key, oldest first: read from memory, written through to the storage.

    A record is never changed in place: put a `dataclasses.replace`d one under the same key.
    """

    def __init__(self, storage: Storage, name: str, kind: type[Record]) -> None:
        self._storage = storage
        self._name = name
        self._kind = kind
        self._records = storage.read(name, kind)
        self._indexes: list[Index[Record]] = []
        self._highest: int | None = None

    def __getitem__(self, key: str) -> Record:
        return self._records[key]

    def __setitem__(self, key: str, record: Record) -> None:
        text = self._storage.text_of(record, self._kind)
        with self._storage.lock:
            self._storage.write(self._name, key, text)
            self._records[key] = record
            if self._highest is not None and key.isdigit():
                self._highest = max(self._highest, int(key))
            for index in self._indexes:
                index.change(key, record)

    def __delitem__(self, key: str) -> None:
        with self._storage.lock:
            self._storage.write(self._name, key, None)
            del self._records[key]
            self._highest = None
            for index in self._indexes:
                index.change(key, None)

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._records))

    def __len__(self) -> int:
        return len(self._records)

    def values(self) -> ValuesView[Record]:
        """As they are now: who reads them is not disturbed by who writes."""
        return self._records.copy().values()

    def items(self) -> ItemsView[str, Record]:
        """As they are now, like `values`."""
        return self._records.copy().items()

    def index(self, names: NamesOf[Record]) -> Index[Record]:
        """An index by what `names` says of a record, which this table keeps up to date."""
        with self._storage.lock:
            made = Index(names)
            for key, record in self._records.items():
                made.change(key, record)
            self._indexes.append(made)
            return made

    def add(self, record: Callable[[int], Record]) -> Record:
        """Keep `record` of the next number; no two threads get the same one."""
        with self._storage.lock:
            number = self.next_number()
            self[str(number)] = made = record(number)
            return made

    def next_number(self) -> int:
        """The lowest number above every key that is one: numbers of deleted records at the end come again."""
        with self._storage.lock:
            if self._highest is None:
                self._highest = max((int(key) for key in self._records if key.isdigit()), default=0)
            return self._highest + 1
