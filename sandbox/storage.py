"""What outlives a stop of the sandbox: tables of records in one SQLite file, each written when it changes.

SQLite, because a record costs one small write however many there are, and because a kill at any moment leaves either
the old record or the new one: https://www.sqlite.org/atomiccommit.html.
"""
from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, ItemsView, Iterator, MutableMapping, ValuesView
from contextlib import contextmanager
from pathlib import Path
from typing import Generic, TypeVar

from cattrs.preconf.json import make_converter

from sandbox.table_index import Index, NamesOf

Record = TypeVar("Record")

_SCHEMA = """CREATE TABLE IF NOT EXISTS records (
    kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, key))"""


class Storage:
    """`file` None keeps everything in memory only. Safe to use from any thread.

    Whoever reads a record and writes what follows from it holds `lock` meanwhile, and takes no other lock inside it.
    """

    def __init__(self, file: Path | None = None) -> None:
        self.converter = make_converter()
        self.lock = threading.RLock()
        if file is not None:
            # Secrets are in it; what SQLite writes beside it gets the same mode.
            file.touch(mode=0o600)
        self._connection = sqlite3.connect(file or ":memory:", check_same_thread=False, isolation_level=None)
        # A process that is killed loses nothing that was written; only a machine that loses power may.
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=OFF")
        self._connection.execute(_SCHEMA)

    def table(self, name: str, kind: type[Record]) -> Table[Record]:
        """The table `name`, whose records are of one frozen dataclass."""
        return Table(self, name, kind)

    def close(self) -> None:
        with self.lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is kept, or nothing of it."""
        with self.lock:
            self._connection.execute("BEGIN")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def rows(self, name: str) -> list[tuple[str, str]]:
        with self.lock:
            return self._connection.execute(
                "SELECT key, value FROM records WHERE kind = ? ORDER BY rowid", (name,)).fetchall()

    def write(self, name: str, key: str, value: str | None) -> None:
        """Keep `value`, or forget the record where it is None."""
        with self.lock:
            if value is None:
                self._connection.execute("DELETE FROM records WHERE kind = ? AND key = ?", (name, key))
            else:
                self._connection.execute(
                    "INSERT INTO records VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value",
                    (name, key, value))


class Table(MutableMapping[str, Record], Generic[Record]):
    """Records by their key, oldest first: read from memory, written through to the storage.

    A record is never changed in place: put a `dataclasses.replace`d one under the same key.
    """

    def __init__(self, storage: Storage, name: str, kind: type[Record]) -> None:
        self._storage = storage
        self._name = name
        self._kind = kind
        self._records = {key: storage.converter.structure(json.loads(value), kind)
                         for key, value in storage.rows(name)}
        self._indexes: list[Index[Record]] = []
        self._highest: int | None = None

    def __getitem__(self, key: str) -> Record:
        return self._records[key]

    def __setitem__(self, key: str, record: Record) -> None:
        text = json.dumps(self._storage.converter.unstructure(record, self._kind))
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
