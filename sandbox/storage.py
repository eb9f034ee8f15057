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
from typing import Any, TypeVar

from cattrs.preconf.json import make_converter

from sandbox.errors import SandboxError
from sandbox.kept_values import SCHEMA_OF_VALUES, KeptValues
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
            raise self.unreadable(str(error)) from error
        # A process that is killed loses nothing that was written; only a machine that loses power may.
        for command in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=OFF", _SCHEMA, *SCHEMA_OF_VALUES):
            self.execute(command)

    def table(self, name: str, kind: type[Record]) -> Table[Record]:
        """The table `name`, whose records are of one frozen dataclass."""
        return Table(self, name, kind)

    def values(self, name: str, what: str) -> KeptValues:
        """The values kept beside the records of the table `name` under `what`."""
        return KeptValues(self, name, what)

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
        rows = self.execute("SELECT key, value FROM records WHERE kind = ? ORDER BY rowid", name)
        records = self._decoded(name, kind, [value for _, value in rows])
        return {key: record for (key, _), record in zip(rows, records, strict=True)}

    def read_one(self, name: str, key: str, kind: type[Record]) -> Record:
        """One that is there; `StorageError` where this version cannot read it."""
        ((value,),) = self.execute("SELECT value FROM records WHERE kind = ? AND key = ?", name, key)
        return self._decoded(name, kind, [value])[0]

    def keys(self, name: str) -> list[str]:
        """The keys of a table, oldest first."""
        return [key for key, in self.execute("SELECT key FROM records WHERE kind = ? ORDER BY rowid", name)]

    def _decoded(self, name: str, kind: type[Record], texts: list[str]) -> list[Record]:
        structure = _CONVERTER.get_structure_hook(kind)
        try:
            with _uncollected():
                # Parsed at once: for many small records that is twice as fast.
                return [structure(value, kind) for value in json.loads(f"[{','.join(texts)}]")]
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            why = f"a {name} is not as this version writes it: {error!r}"
            raise self.unreadable(why) from error

    def text_of(self, record: Record, kind: type[Record]) -> str:
        """As `write` takes it."""
        return json.dumps(_CONVERTER.unstructure(record, kind))

    def write(self, name: str, key: str, value: str | None) -> None:
        """Keep `value`, or forget the record where it is None."""
        if value is None:
            self.change("DELETE FROM records WHERE kind = ? AND key = ?", name, key)
        else:
            self.change(
                "INSERT INTO records VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value",
                name, key, value)

    def change(self, command: str, *values: str | int | None) -> None:
        """`sqlite3.OperationalError` where there is no room."""
        with self.lock:
            self._connection.execute(command, values)

    def execute(self, command: str, *values: str | int | None) -> list[tuple[Any, ...]]:
        """For reading, all rows at once: whatever goes wrong means that the file is damaged."""
        try:
            with self.lock:
                return self._connection.execute(command, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise self.unreadable(str(error)) from error

    def unreadable(self, why: str) -> StorageError:
        """What to raise where the file is not as this version writes it."""
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
