"""Records of one kind by their key, which outlive the process where they have a file.

A start reads none of them: their keys are read when the collection is first used, a record when it is asked for.
"""
from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, Mapping, MutableMapping, ValuesView
from dataclasses import fields
from functools import cached_property
from typing import Any, Generic, TypeVar

from sandbox.databricks.views import Follower, Index, View
from sandbox.storage import Storage
from sandbox.table_index import NamesOf

Record = TypeVar("Record")
Value = TypeVar("Value")
Shown = TypeVar("Shown", bound=Follower[Any])
# Stands for a record that lies in the file.
_UNREAD: Any = object()
# Reading so few of all records one by one is quicker than reading all at once.
_FEW = 8


class Collection(MutableMapping[str, Record], Generic[Record]):
    """Oldest first. Who changes a record in place says so with `changed`. Every caller holds the memory's lock."""

    def __init__(self, name: str, kind: type[Record], storage: Storage | None) -> None:
        self._name = name
        self._kind = kind
        self._storage = storage
        self._all_read = storage is None
        self._views: list[View[Record, Any, Any]] = []
        # In the order of the changes: new records are read back in the order they came.
        self.waiting: dict[str, None] = {}

    def __getitem__(self, key: str) -> Record:
        record = self._records[key]
        if record is _UNREAD:
            record = self._records[key] = self._read(key)
        return record

    def __setitem__(self, key: str, record: Record) -> None:
        self._records[key] = record
        self.changed(key)

    def __delitem__(self, key: str) -> None:
        del self._records[key]
        self.changed(key)

    def __contains__(self, key: object) -> bool:
        return key in self._records

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __reversed__(self) -> Iterator[str]:
        return reversed(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def values(self) -> ValuesView[Record]:
        self._read_all()
        return super().values()

    def items(self) -> ItemsView[str, Record]:
        self._read_all()
        return super().items()

    def at(self, keys: Mapping[str, object]) -> list[Record]:
        """The records under these keys, all of which are there."""
        if not self._all_read and len(keys) * _FEW > len(self):
            self._read_all()
        return list(map(self._records.__getitem__ if self._all_read else self.__getitem__, keys))

    def changed(self, key: str) -> None:
        """The record has changed in place: it is written when the lock is left, and found under its new names."""
        record = self.get(key)
        for view in self._views:
            view.change(key, record)
        if self._storage is not None:
            self.waiting[key] = None

    def view(self, shows: Callable[[Mapping[str, Value]], Shown], value_of: Callable[[Record], Value | None], *,
             kept_as: str = "") -> View[Record, Value, Shown]:
        """What `shows` makes of the value of each record that has one, kept up to date.

        With `kept_as` the values, which are JSON, lie in the file, so that showing them after a start means reading no
        record. Whoever makes `value_of` say something else keeps it under another name.
        """
        keeping = None if self._storage is None or not kept_as else self._storage.values(self._name, kept_as)
        made = View(shows, value_of, self, keeping)
        self._views.append(made)
        return made

    def index(self, names: NamesOf[Record], *, kept_as: str = "") -> Index[Record]:
        """An index by what `names` says of a record, kept up to date; `kept_as` as of `view`."""
        return Index(self, names, kept_as)

    def write(self) -> None:
        """Write what waits; call it inside a transaction of the storage."""
        assert self._storage is not None  # noqa: S101 - nothing waits without one
        for key in self.waiting:
            record = self.get(key)
            self._storage.write(self._name, key, None if record is None else self._storage.text_of(record, self._kind))
            for view in self._views:
                view.write(key, record)

    def take_back(self) -> None:
        """Be what the file says, where the last changes could not be written: who holds a record sees it as it was."""
        changed, self.waiting = self.waiting, {}
        if self._storage is None or not changed:
            return
        before = self._records
        self._records = {key: before.get(key, _UNREAD) for key in self._storage.keys(self._name)}
        for key in changed:
            if key in self._records:
                self._records[key] = _restored(before.get(key), self._read(key))
        for view in self._views:
            view.forget()

    def forget_storage(self) -> None:
        """What was not read by now is not there any more."""
        self._storage, self._all_read = None, True
        self._records = {key: record for key, record in self._records.items() if record is not _UNREAD}
        for view in self._views:
            view.forget_storage()

    @cached_property
    def _records(self) -> dict[str, Record]:
        return {} if self._storage is None else dict.fromkeys(self._storage.keys(self._name), _UNREAD)

    def _read(self, key: str) -> Record:
        assert self._storage is not None  # noqa: S101 - without one there is nothing unread
        return self._storage.read_one(self._name, key, self._kind)

    def _read_all(self) -> None:
        if self._all_read or self._storage is None:
            return
        records = self._records
        for key, record in self._storage.read(self._name, self._kind).items():
            if records.get(key) is _UNREAD:
                records[key] = record
        self._all_read = True


def _restored(record: Record | None, kept: Record) -> Record:
    """`kept`, or `record` made equal to it if it is of those that are changed in place."""
    parameters = getattr(kept, "__dataclass_params__", None)
    if record is None or parameters is None or parameters.frozen:
        return kept
    for field in fields(kept):  # type: ignore[arg-type]
        if field.init:
            setattr(record, field.name, getattr(kept, field.name))
    return record
