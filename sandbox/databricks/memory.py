"""What a workspace remembers: collections of records that outlive the process where they have a file.

All that changed while the lock was held is written in one transaction when it is left, before any reply goes out. So a
kill at any moment loses nothing that was acknowledged and leaves nothing half written.
"""
from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sandbox.databricks.collection import Collection
from sandbox.storage import Storage, StorageError

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
        self._to_do: list[Callable[[], object]] = []
        self._takers_back: list[Callable[[], object]] = []
        self.lock = WritingLock(self._write, on_failure=self._take_back)
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

    def when_written(self, act: Callable[[], object]) -> None:
        """Do something once that cannot be undone, after all that changed has been written; or never."""
        self._to_do.append(act)

    def when_taken_back(self, act: Callable[[], object]) -> None:
        """Do something each time after changes that could not be written were taken back.

        For whoever knows more of the records than collections, their indexes and views do.
        """
        self._takers_back.append(act)

    def _write(self) -> None:
        waiting = [collection for collection in self._collections if collection.waiting]
        if self._storage is not None and waiting:
            try:
                with self._storage.transaction():
                    for collection in waiting:
                        collection.write()
            except BaseException:
                self._take_back()
                raise
            for collection in waiting:
                collection.waiting = {}
        to_do, self._to_do = self._to_do, []
        for act in to_do:
            act()

    def _take_back(self) -> None:
        """Nothing was written, for instance because the disk is full: so nothing has happened."""
        if self._storage is None:
            return
        self._to_do = []
        for collection in self._collections:
            collection.take_back()
        for act in self._takers_back:
            act()


class WritingLock:
    """A reentrant lock; `on_leave` is called each time before it is free again.

    `on_failure` is called before that where what was done inside ends with an error of the system or of the file.
    """

    def __init__(self, on_leave: Callable[[], None], *, on_failure: Callable[[], None]) -> None:
        self._lock = threading.RLock()
        self._on_leave = on_leave
        self._on_failure = on_failure
        self._depth = 0

    def acquire(self, timeout: float = -1) -> bool:
        taken = self._lock.acquire(timeout=timeout)
        if taken:
            # Whoever does not hold the lock must not even write the same number again.
            self._depth += 1
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

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        try:
            if self._depth == 1 and isinstance(error, (OSError, StorageError)):
                self._on_failure()
        finally:
            self.release()
