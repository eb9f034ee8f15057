"""How many runs work at once: each needs a seat, and gives it up while it waits for people or locks."""
from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType


class AgentSeat:
    """The seat of one run, held inside a `with`."""

    def __init__(self, seats: threading.Semaphore) -> None:
        self._seats = seats
        self._lock = threading.Lock()
        self._waiting = 0

    def __enter__(self) -> None:
        self._seats.acquire()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._seats.release()

    @contextmanager
    def left(self) -> Iterator[None]:
        """Another run may take the seat meanwhile. Several stages of the run may wait at once."""
        with self._lock:
            self._waiting += 1
            if self._waiting == 1:
                self._seats.release()
        try:
            yield
        finally:
            with self._lock:
                self._waiting -= 1
                if self._waiting == 0:
                    self._seats.acquire()
