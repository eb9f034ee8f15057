"""Values kept beside the records of a table, so that what they tell of all records is known without reading one."""
from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.storage import Storage

SCHEMA_OF_VALUES = (
    """CREATE TABLE IF NOT EXISTS kept_values (
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL, what TEXT NOT NULL, UNIQUE (kind, what))""",
    """CREATE TABLE IF NOT EXISTS kept_value (
        id INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (id, key)) WITHOUT ROWID""")


class KeptValues:
    """Those of the table `kind` that are called `what`: JSON, by the keys of the records that have one."""

    def __init__(self, storage: Storage, kind: str, what: str) -> None:
        self._storage = storage
        self._names = (kind, what)
        self._id = self._find()

    @property
    def are_new(self) -> bool:
        """Whether they have to be begun: the file may be older than they are."""
        return self._id is None

    def begin(self, values: Mapping[str, Any]) -> None:
        """Keep them from now on, beginning with `values`."""
        with self._storage.transaction():
            self._storage.change("INSERT INTO kept_values (kind, what) VALUES (?, ?)", *self._names)
            self._id = self._find()
            for key, value in values.items():
                self.write(key, value)

    def read(self) -> dict[str, Any]:
        """All of them by key, in no order to rely on."""
        rows = self._storage.execute("SELECT key, value FROM kept_value WHERE id = ?", self._id)
        try:
            values = json.loads(f"[{','.join(value for _, value in rows)}]")
            return {key: value for (key, _), value in zip(rows, values, strict=True)}
        except (ValueError, RecursionError) as error:
            why = f"{' '.join(self._names)} is not as this version writes it: {error!r}"
            raise self._storage.unreadable(why) from error

    def write(self, key: str, value: Any) -> None:  # noqa: ANN401 - JSON
        """Call it inside a transaction; None is no value."""
        if value is None:
            self._storage.change("DELETE FROM kept_value WHERE id = ? AND key = ?", self._id, key)
        else:
            self._storage.change("INSERT INTO kept_value VALUES (?, ?, ?) ON CONFLICT (id, key) DO UPDATE "
                                 "SET value = excluded.value WHERE value != excluded.value",
                                 self._id, key, json.dumps(value))

    def _find(self) -> int | None:
        found = self._storage.execute("SELECT id FROM kept_values WHERE kind = ? AND what = ?", *self._names)
        return int(found[0][0]) if found else None
