"""Something that is done again and again in a thread of its own."""
from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from sandbox.errors import SandboxError


@contextmanager
def ticking(tick: Callable[[], object], seconds: float, name: str) -> Iterator[None]:
    """Call `tick` every `seconds` until the end of the `with`; one that goes on then is waited for."""
    ended = threading.Event()
    thread = threading.Thread(target=_repeat, args=(tick, ended, seconds), name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _repeat(tick: Callable[[], object], ended: threading.Event, seconds: float) -> None:
    while not ended.wait(seconds):
        # The disk may be full, or git fail for lack of it, and there may be room again the next time.
        with suppress(OSError, sqlite3.OperationalError, SandboxError):
            tick()
