"""What a workspace remembers: collections of records that outlive the process where they have a file.

All that changed while the lock was held is written in one transaction when it is left, before any reply goes out. So a
kill at any moment loses nothing that was acknowledged and leaves nothing half written.
"""
from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, MutableMapping
from pathlib import Path
from typing import Any, Generic, TypeVar

from sandbox.storage import Storage
from sandbox.table_index import Index, NamesOf

Record = TypeVar("Record")
_COUNTERS = "counter"
_EXACT = 2**53
"""Up to here JavaScript, and whoever else reads numbers as floating point, can tell one id from the next."""
_LARGE = 8 * 10**15
"""What leaves sixteen digits of an id beyond that, as many as those of the service have."""


class Memory:
    """Without a `file` nothing is written, and everything ends with the process.

    Whoever reads or changes what is in it holds `lock`. With `small_ids` counters that have not begun yet do so below
    2**53.
    """

    def __init__(self, file: Path | None = None, *, small_ids: bool = False) -> None:
        self._small_ids = small_ids
        self._storage = Storage(file) if file is not None else None
        self._collections: list[Collection[Any]] = []
        self.lock = WritingLock(self._write)
        self._counters: Collection[int] = self.collection(_COUNTERS, int)

    def collection(self, name: str, kind: type[Record]) -> Collection[Record]:
        """The records kept under `name`: dataclasses, whose fields with `init=False` are not kept."""
        made: Collection[Record] = Collection(name, kind, self._storage)
        self._collections.append(made)
        return made

    def counter(self, name: str, first: int, step: int = 1) -> Callable[[], int]:
        """Gives the next number at each call; no number comes twice, over restarts neither."""
        if self._small_ids and first > _EXACT:
            first -= _LARGE

        def following() -> int:
            number = self._counters.get(name, first)
            self._counters[name] = number + step
            return number

        return following

    def close(self) -> None:
        """Give the file back. What changes from now on is forgotten."""
        with self.lock:
            self._write()
            storage, self._storage = self._storage, None
            for collection in self._collections:
                collection.forget_storage()
        if storage is not None:
            storage.close()

    def _write(self) -> None:
        waiting = [(collection, collection.waiting) for collection in self._collections if collection.waiting]
        if self._storage is None or not waiting:
            return
        is_news = any(collection.has_news for collection, _ in waiting)
        try:
            with self._storage.transaction():
                for collection, _ in waiting:
                    collection.write()
        except sqlite3.Error:
            # Nothing was written, for instance because the disk is full: it goes with the next that can be.
            for collection, keys in waiting:
                collection.waiting = keys
            # Who has only read since is not to blame.
            if is_news:
                raise


class WritingLock:
    """A reentrant lock; `on_leave` is called each time before it is free again."""

    def __init__(self, on_leave: Callable[[], None]) -> None:
        self._lock = threading.RLock()
        self._on_leave = on_leave
        self._depth = 0

    def acquire(self, timeout: float = -1) -> bool:
        taken = self._lock.acquire(timeout=timeout)
        self._depth += taken
        return taken

    def release(self) -> None:
        try:
            if self._depth == 1:
                self._on_leave()
        finally:
            self._depth -= 1
            self._lock.release()

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()


class Collection(MutableMapping[str, Record], Generic[Record]):
    """Records by their key, oldest first. Who changes one in place says so with `changed`."""

    def __init__(self, name: str, kind: type[Record], storage: Storage | None) -> None:
        self._name = name
        self._kind = kind
        self._storage = storage
        self._records: dict[str, Record] = {}
        self._indexes: list[Index[Record]] = []
        # In the order of the changes: new records are read back in the order they came.
        self.waiting: dict[str, None] = {}
        self.has_news = False
        if storage is not None:
            self._records = storage.read(name, kind)

    def __getitem__(self, key: str) -> Record:
        return self._records[key]

    def __setitem__(self, key: str, record: Record) -> None:
        self._records[key] = record
        self.changed(key)

    def __delitem__(self, key: str) -> None:
        del self._records[key]
        self.changed(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def changed(self, key: str) -> None:
        """The record has changed in place: it is written when the lock is left, and found under its new names."""
        for index in self._indexes:
            index.change(key, self._records.get(key))
        if self._storage is not None:
            self.waiting[key] = None
            self.has_news = True

    def forget_storage(self) -> None:
        self._storage = None

    def index(self, names: NamesOf[Record]) -> Index[Record]:
        """An index by what `names` says of a record, kept up to date by setting and deleting records."""
        made = Index(names)
        for key, record in self._records.items():
            made.change(key, record)
        self._indexes.append(made)
        return made

    def write(self) -> None:
        """Write what waits; call it inside a transaction of the storage."""
        assert self._storage is not None  # noqa: S101 - nothing waits without one
        waiting, self.waiting, self.has_news = self.waiting, {}, False
        for key in waiting:
            record = self._records.get(key)
            kept = None if record is None else self._storage.text_of(record, self._kind)
            self._storage.write(self._name, key, kept)
