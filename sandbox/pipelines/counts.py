"""What pipelines count from run to run: `counter()`, and the revision in a run's number."""
from __future__ import annotations

import threading
from collections.abc import Callable, MutableMapping

Count = Callable[[str, int], int]


class Counts:
    """Gives the next number of a name; runs that count at the same time never get the same one.

    `last` holds the last number of each name, and `kept` is called before a number is given, while nobody else counts.
    """

    def __init__(self, last: MutableMapping[str, int] | None = None, kept: Callable[[], None] = lambda: None) -> None:
        self._last = {} if last is None else last
        self._kept = kept
        self._lock = threading.Lock()

    def next(self, name: str, first: int) -> int:
        with self._lock:
            number = self._last[name] = self._last[name] + 1 if name in self._last else first
            self._kept()
            return number
