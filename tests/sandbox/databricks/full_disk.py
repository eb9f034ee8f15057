"""Memories that find no room for what changes."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.databricks.memory import Memory


@contextmanager
def full(memory: Memory) -> Iterator[None]:
    """Inside, SQLite finds no room for anything large: https://www.sqlite.org/pragma.html#pragma_max_page_count."""
    assert memory._storage is not None
    memory._storage.execute("PRAGMA max_page_count = 1")
    try:
        yield
    finally:
        memory._storage.execute("PRAGMA max_page_count = 1000000")


@contextmanager
def unwritable(memory: Memory) -> Iterator[None]:
    """Inside, SQLite writes nothing, however small: https://www.sqlite.org/pragma.html#pragma_query_only."""
    assert memory._storage is not None
    memory._storage.execute("PRAGMA query_only = ON")
    try:
        yield
    finally:
        memory._storage.execute("PRAGMA query_only = OFF")
