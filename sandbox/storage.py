"""What outlives a stop of the sandbox: tables of records in one SQLite file, each written when it changes.

SQLite, because a record costs one small write however many there are, and because a kill at any moment leaves either
the old record or the new one: https://www.sqlite.org/atomiccommit.html.
"""
from __future__ import annotations

import gc
import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from cattrs.preconf.json import make_converter

from sandbox.errors import SandboxError
from sandbox.table import Table

Record = TypeVar("Record")

_SCHEMA = """CREATE TABLE IF NOT EXISTS records (
    kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, key))"""

# One for all files: what it finds out about a record's type is worth keeping.
_CONVERTER = make_converter(detailed_validation=False)


class StorageError(SandboxError):
    """The file is damaged, or of another version."""


class Storage:
    """`file` None keeps everything in memory only. Safe to use from any thread.

    Whoever reads a record and writes what follows from it holds `lock` meanwhile, and takes no other lock inside it.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self.lock = threading.RLock()
        try:
            if file is not None:
                # Secrets are in it; what SQLite writes beside it gets the same mode.
                file.touch(mode=0o600)
            self._connection = sqlite3.connect(file or ":memory:", check_same_thread=False, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise self._unreadable(str(error)) from error
        # A process that is killed loses nothing that was written; only a machine that loses power may.
        for command in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=OFF", _SCHEMA):
            self._execute(command)

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
                self._connection.execute("COMMIT")
            except BaseException:
                # Where the disk is full SQLite has rolled back itself: https://www.sqlite.org/lang_transaction.html.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def read(self, name: str, kind: type[Record]) -> dict[str, Record]:
        """The records of a table, oldest first; `StorageError` where this version cannot read one."""
        with self.lock:
            rows = self._execute("SELECT key, value FROM records WHERE kind = ? ORDER BY rowid", name).fetchall()
        structure = _CONVERTER.get_structure_hook(kind)
        try:
            with _uncollected():
                # Parsed at once: for many small records that is twice as fast.
                values = json.loads(f"[{','.join(value for _, value in rows)}]")
                return {key: structure(value, kind) for (key, _), value in zip(rows, values, strict=True)}
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            why = f"a {name} is not as this version writes it: {error!r}"
            raise self._unreadable(why) from error

    def text_of(self, record: Record, kind: type[Record]) -> str:
        """As `write` takes it."""
        return json.dumps(_CONVERTER.unstructure(record, kind))

    def write(self, name: str, key: str, value: str | None) -> None:
        """Keep `value`, or forget the record where it is None."""
        with self.lock:
            if value is None:
                self._connection.execute("DELETE FROM records WHERE kind = ? AND key = ?", (name, key))
            else:
                self._connection.execute(
                    "INSERT INTO records VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value",
                    (name, key, value))

    def _execute(self, command: str, *values: str) -> sqlite3.Cursor:
        try:
            return self._connection.execute(command, values)
        except sqlite3.DatabaseError as error:
            raise self._unreadable(str(error)) from error

    def _unreadable(self, why: str) -> StorageError:
        return StorageError(f"{self._file}: cannot be read ({why}); empty the folder with: python -m sandbox reset")


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without garbage collection, which would go through all the records that are being made again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
