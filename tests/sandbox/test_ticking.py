from __future__ import annotations

import sqlite3
import threading

import pytest

from sandbox.errors import SandboxError
from sandbox.ticking import ticking


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), sqlite3.OperationalError("disk is full"),
                                   SandboxError("git: Out of diskspace")])
def test_it_goes_on_after_the_disk_was_full(error: Exception) -> None:
    ticks: list[int] = []
    again = threading.Event()

    def tick() -> None:
        ticks.append(1)
        if len(ticks) == 1:
            raise error
        again.set()

    with ticking(tick, 0.01, "test"):
        assert again.wait(30)
