"""Keeps a second bulk run off the progress of the first: both would add the same checks."""
from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from steps.lib.errors import InputError

if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def held(progress: Path) -> Iterator[None]:
    """An InputError while another run goes on with `progress`, or where nothing can be kept beside it.

    The system frees the lock even of a process that was killed; the empty file stays.
    """
    lock = progress.with_suffix(".lock")
    try:
        file = lock.open("ab")
    except OSError as error:
        message = (f"{lock}: cannot be written ({error.strerror}), expected a folder that takes what was done so far; "
                   "copy the file of the repositories to such a folder")
        raise InputError([message]) from error
    with file:
        try:
            _lock(file)
        except OSError as error:
            message = f"{progress}: another bulk run goes on with it, expected one at a time; wait until it has ended"
            raise InputError([message]) from error
        yield
